package dev.shiplog.resource.kind;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodTemplate;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The kinds that Kubernetes itself has or had, served here or not: so that a kind that is missing
 * here is told from a kind that is misspelt.
 */
final class KnownKinds {
    /** API version, colon, kinds; the preferred version of a group first. */
    private static final String TABLE =
            """
            v1: Binding ComponentStatus ConfigMap Endpoints Event LimitRange Namespace Node \
            PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController \
            ResourceQuota Secret Service ServiceAccount
            apps/v1: ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet
            apps/v1beta2: ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet
            apps/v1beta1: ControllerRevision Deployment StatefulSet
            extensions/v1beta1: DaemonSet Deployment Ingress NetworkPolicy PodSecurityPolicy \
            ReplicaSet
            batch/v1: CronJob Job
            batch/v1beta1: CronJob
            autoscaling/v2: HorizontalPodAutoscaler
            autoscaling/v1: HorizontalPodAutoscaler
            autoscaling/v2beta2: HorizontalPodAutoscaler
            networking.k8s.io/v1: Ingress IngressClass IPAddress NetworkPolicy ServiceCIDR
            networking.k8s.io/v1beta1: Ingress IngressClass
            policy/v1: PodDisruptionBudget
            policy/v1beta1: PodDisruptionBudget PodSecurityPolicy
            rbac.authorization.k8s.io/v1: ClusterRole ClusterRoleBinding Role RoleBinding
            rbac.authorization.k8s.io/v1beta1: ClusterRole ClusterRoleBinding Role RoleBinding
            storage.k8s.io/v1: CSIDriver CSINode CSIStorageCapacity StorageClass \
            VolumeAttachment VolumeAttributesClass
            scheduling.k8s.io/v1: PriorityClass
            coordination.k8s.io/v1: Lease
            discovery.k8s.io/v1: EndpointSlice
            discovery.k8s.io/v1beta1: EndpointSlice
            events.k8s.io/v1: Event
            node.k8s.io/v1: RuntimeClass
            certificates.k8s.io/v1: CertificateSigningRequest
            apiextensions.k8s.io/v1: CustomResourceDefinition
            apiregistration.k8s.io/v1: APIService
            admissionregistration.k8s.io/v1: MutatingWebhookConfiguration \
            ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding \
            ValidatingWebhookConfiguration
            flowcontrol.apiserver.k8s.io/v1: FlowSchema PriorityLevelConfiguration
            resource.k8s.io/v1: DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice
            """;

    /** Versions by kind, and kinds by version: both sorted, the lists in the table's order. */
    private static final Map<String, List<String>> VERSIONS = new TreeMap<>();

    private static final Map<String, List<String>> KINDS = new TreeMap<>();

    static {
        for (String line : TABLE.lines().toList()) {
            int colon = line.indexOf(": ");
            String version = line.substring(0, colon);
            List<String> kinds = List.of(line.substring(colon + 2).split(" "));
            KINDS.put(version, kinds);
            for (String kind : kinds) {
                VERSIONS.computeIfAbsent(kind, _ -> new ArrayList<>()).add(version);
            }
        }
    }

    private KnownKinds() {}

    /** The API versions that a kind exists in, the preferred first; empty if there is no such. */
    static List<String> versions(String kind) {
        return Collections.unmodifiableList(VERSIONS.getOrDefault(kind, List.of()));
    }

    /** The kinds of an API version; empty if there is no such. */
    static List<String> kinds(String apiVersion) {
        return KINDS.getOrDefault(apiVersion, List.of());
    }

    static List<String> allKinds() {
        return List.copyOf(VERSIONS.keySet());
    }

    static List<String> allVersions() {
        return List.copyOf(KINDS.keySet());
    }

    /** The model of a kind that is not served, if there is one to check its fields against. */
    static Optional<Class<?>> model(String kind) {
        return Optional.ofNullable(
                switch (kind) {
                    case "Endpoints" -> Endpoints.class;
                    case "PersistentVolume" -> PersistentVolume.class;
                    case "PersistentVolumeClaim" -> PersistentVolumeClaim.class;
                    case "PodTemplate" -> PodTemplate.class;
                    case "Service" -> Service.class;
                    case "ServiceAccount" -> ServiceAccount.class;
                    case "StatefulSet" -> StatefulSet.class;
                    default -> null;
                });
    }
}
