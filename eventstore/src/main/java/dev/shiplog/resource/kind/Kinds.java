package dev.shiplog.resource.kind;

import dev.shiplog.resource.GroupKind;

import java.util.List;
import java.util.Optional;

/** Every kind that the cluster knows, in the order in which discovery lists them. */
public final class Kinds {
    private static final List<Kind> ALL =
            List.of(
                    NamespaceTable.KIND,
                    NodeTable.KIND,
                    PodTable.KIND,
                    ReplicationControllerTable.KIND,
                    ServiceAccountTable.KIND,
                    EventTable.KIND,
                    ServiceTable.KIND,
                    EndpointsTable.KIND,
                    ConfigMapTable.KIND,
                    SecretTable.KIND,
                    ResourceQuotaTable.KIND,
                    LimitRangeTable.KIND,
                    ReplicaSetTable.KIND,
                    DeploymentTable.KIND,
                    DaemonSetTable.KIND,
                    ControllerRevisionTable.KIND,
                    EndpointSliceTable.KIND,
                    IngressTables.INGRESS,
                    IngressTables.INGRESS_CLASS,
                    ServiceCidrTable.KIND,
                    RoleTables.ROLE,
                    RoleTables.CLUSTER_ROLE,
                    BindingTables.ROLE_BINDING,
                    BindingTables.CLUSTER_ROLE_BINDING,
                    AutoscalerTable.KIND,
                    DisruptionBudgetTable.KIND,
                    PriorityClassTable.KIND,
                    LeaseTable.KIND,
                    SigningRequestTable.KIND);

    private Kinds() {}

    public static List<Kind> all() {
        return ALL;
    }

    public static Optional<Kind> of(GroupKind groupKind) {
        return ALL.stream().filter(kind -> kind.groupKind().equals(groupKind)).findFirst();
    }

    /**
     * The kind that an API version and a kind name mean, such as {@code apps/v1beta2} and {@code
     * ReplicaSet}.
     */
    public static Optional<Kind> served(String apiVersion, String kindName) {
        return ALL.stream()
                .filter(kind ->
                        kind.groupKind().kind().equals(kindName)
                                && kind.servedVersions().contains(apiVersion))
                .findFirst();
    }
}
