package dev.shiplog.resource;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * An API group and a kind in it, without a version: what a resource is, whichever version it is
 * read in. Written as kubectl writes it: {@code Pod} for the core group, {@code Deployment.apps}
 * otherwise.
 *
 * @param group the API group; empty for the core group
 * @param kind the kind, in upper camel case
 */
public record GroupKind(String group, String kind) implements Comparable<GroupKind> {
    public static final GroupKind NAMESPACE = new GroupKind("", "Namespace");
    public static final GroupKind NODE = new GroupKind("", "Node");
    public static final GroupKind POD = new GroupKind("", "Pod");
    public static final GroupKind EVENT = new GroupKind("", "Event");
    public static final GroupKind CONFIG_MAP = new GroupKind("", "ConfigMap");
    public static final GroupKind SECRET = new GroupKind("", "Secret");
    public static final GroupKind RESOURCE_QUOTA = new GroupKind("", "ResourceQuota");
    public static final GroupKind LIMIT_RANGE = new GroupKind("", "LimitRange");
    public static final GroupKind LEASE = new GroupKind("coordination.k8s.io", "Lease");
    public static final GroupKind REPLICATION_CONTROLLER =
            new GroupKind("", "ReplicationController");
    public static final GroupKind SERVICE = new GroupKind("", "Service");
    public static final GroupKind ENDPOINTS = new GroupKind("", "Endpoints");
    public static final GroupKind ENDPOINT_SLICE =
            new GroupKind("discovery.k8s.io", "EndpointSlice");
    public static final GroupKind SIGNING_REQUEST =
            new GroupKind("certificates.k8s.io", "CertificateSigningRequest");
    public static final GroupKind INGRESS = new GroupKind("networking.k8s.io", "Ingress");
    public static final GroupKind INGRESS_CLASS =
            new GroupKind("networking.k8s.io", "IngressClass");
    public static final GroupKind SERVICE_CIDR = new GroupKind("networking.k8s.io", "ServiceCIDR");
    public static final GroupKind REPLICA_SET = new GroupKind("apps", "ReplicaSet");
    public static final GroupKind DEPLOYMENT = new GroupKind("apps", "Deployment");
    public static final GroupKind DAEMON_SET = new GroupKind("apps", "DaemonSet");
    public static final GroupKind CONTROLLER_REVISION = new GroupKind("apps", "ControllerRevision");
    public static final GroupKind AUTOSCALER =
            new GroupKind("autoscaling", "HorizontalPodAutoscaler");
    public static final GroupKind DISRUPTION_BUDGET =
            new GroupKind("policy", "PodDisruptionBudget");
    public static final GroupKind PRIORITY_CLASS =
            new GroupKind("scheduling.k8s.io", "PriorityClass");
    public static final GroupKind SERVICE_ACCOUNT = new GroupKind("", "ServiceAccount");
    public static final GroupKind ROLE = new GroupKind("rbac.authorization.k8s.io", "Role");
    public static final GroupKind ROLE_BINDING =
            new GroupKind("rbac.authorization.k8s.io", "RoleBinding");
    public static final GroupKind CLUSTER_ROLE =
            new GroupKind("rbac.authorization.k8s.io", "ClusterRole");
    public static final GroupKind CLUSTER_ROLE_BINDING =
            new GroupKind("rbac.authorization.k8s.io", "ClusterRoleBinding");

    private static final Set<GroupKind> GENERATIONS =
            Set.of(
                    POD,
                    REPLICATION_CONTROLLER,
                    REPLICA_SET,
                    DEPLOYMENT,
                    DAEMON_SET,
                    ENDPOINT_SLICE,
                    INGRESS,
                    INGRESS_CLASS,
                    SERVICE_CIDR,
                    DISRUPTION_BUDGET,
                    PRIORITY_CLASS);

    /**
     * What was parsed lately, by hash: so that kinds which are the same are mostly the same object,
     * which comparing them sees at once. A race costs one more object.
     */
    private static final @Nullable Parsed[] PARSED = new Parsed[256];

    static {
        List.of(
                        NAMESPACE,
                        NODE,
                        EVENT,
                        CONFIG_MAP,
                        SECRET,
                        RESOURCE_QUOTA,
                        LIMIT_RANGE,
                        LEASE,
                        REPLICATION_CONTROLLER,
                        SERVICE,
                        ENDPOINTS,
                        ENDPOINT_SLICE,
                        SIGNING_REQUEST,
                        INGRESS,
                        INGRESS_CLASS,
                        SERVICE_CIDR,
                        REPLICA_SET,
                        DEPLOYMENT,
                        DAEMON_SET,
                        CONTROLLER_REVISION,
                        AUTOSCALER,
                        DISRUPTION_BUDGET,
                        PRIORITY_CLASS,
                        SERVICE_ACCOUNT,
                        ROLE,
                        ROLE_BINDING,
                        CLUSTER_ROLE,
                        CLUSTER_ROLE_BINDING)
                .forEach(kind -> PARSED[slot(kind.toString())] = new Parsed(kind.toString(), kind));
    }

    public GroupKind {
        Names.required("kind", kind);
    }

    /** Reads {@code Kind} or {@code Kind.group}. */
    public static GroupKind parse(String text) {
        if (text.equals(POD.kind)) {
            return POD; // The most frequent by far.
        }
        int slot = slot(text);
        Parsed known = PARSED[slot];
        if (known != null && known.text.equals(text)) {
            return known.kind;
        }
        int dot = text.indexOf('.');
        GroupKind kind =
                dot < 0
                        ? new GroupKind("", text)
                        : new GroupKind(text.substring(dot + 1), text.substring(0, dot));
        PARSED[slot] = new Parsed(text, kind);
        return kind;
    }

    /**
     * Whether what is wanted of such an object has a number ({@code metadata.generation}) that
     * clients see. Those that nobody works towards have none, as in Kubernetes.
     */
    public boolean hasGeneration() {
        return GENERATIONS.contains(this);
    }

    private static int slot(String text) {
        return text.hashCode() & (PARSED.length - 1);
    }

    private record Parsed(String text, GroupKind kind) {}

    @Override
    public int compareTo(GroupKind other) {
        if (this == other) {
            return 0; // The usual case on the way down a tree of one kind.
        }
        int order = group.compareTo(other.group);
        return order == 0 ? kind.compareTo(other.kind) : order;
    }

    @Override
    public String toString() {
        return group.isEmpty() ? kind : kind + "." + group;
    }
}
