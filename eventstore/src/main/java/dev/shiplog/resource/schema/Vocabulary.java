package dev.shiplog.resource.schema;

import java.util.List;

/**
 * The fields of Kubernetes that take one of a few words. The model declares them as strings; the
 * words are those of the API reference, sorted as its errors list them.
 */
final class Vocabulary {
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> MESSAGE_POLICIES = List.of("FallbackToLogsOnError", "File");
    private static final List<String> TRAFFIC_POLICIES = List.of("Cluster", "Local");
    private static final List<String> TAINT_EFFECTS =
            List.of("NoExecute", "NoSchedule", "PreferNoSchedule");

    private Vocabulary() {}

    /** The words that a property of a class takes; empty if it takes any. */
    static List<String> of(String model, String property) {
        return switch (model + "." + property) {
            case "PodSpec.restartPolicy", "Container.restartPolicy" ->
                    List.of("Always", "Never", "OnFailure");
            case "PodSpec.dnsPolicy" ->
                    List.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");
            case "PodSpec.preemptionPolicy" -> List.of("Never", "PreemptLowerPriority");
            case "PodOS.name" -> List.of("linux", "windows");
            case "Container.imagePullPolicy",
                    "EphemeralContainer.imagePullPolicy",
                    "ImageVolumeSource.pullPolicy" ->
                    PULL_POLICIES;
            case "Container.terminationMessagePolicy",
                    "EphemeralContainer.terminationMessagePolicy" ->
                    MESSAGE_POLICIES;
            case "ContainerPort.protocol", "ServicePort.protocol", "EndpointPort.protocol" ->
                    PROTOCOLS;
            case "HTTPGetAction.scheme" -> List.of("HTTP", "HTTPS");
            case "LabelSelectorRequirement.operator" ->
                    List.of("DoesNotExist", "Exists", "In", "NotIn");
            case "NodeSelectorRequirement.operator" ->
                    List.of("DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn");
            case "Toleration.operator" -> List.of("Equal", "Exists");
            case "Toleration.effect", "Taint.effect" -> TAINT_EFFECTS;
            case "TopologySpreadConstraint.whenUnsatisfiable" ->
                    List.of("DoNotSchedule", "ScheduleAnyway");
            case "SeccompProfile.type", "AppArmorProfile.type" ->
                    List.of("Localhost", "RuntimeDefault", "Unconfined");
            case "VolumeMount.mountPropagation" ->
                    List.of("Bidirectional", "HostToContainer", "None");
            case "DeploymentStrategy.type" -> List.of("Recreate", "RollingUpdate");
            case "DaemonSetUpdateStrategy.type", "StatefulSetUpdateStrategy.type" ->
                    List.of("OnDelete", "RollingUpdate");
            case "StatefulSetSpec.podManagementPolicy" -> List.of("OrderedReady", "Parallel");
            case "ServiceSpec.type" ->
                    List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
            case "ServiceSpec.sessionAffinity" -> List.of("ClientIP", "None");
            case "ServiceSpec.externalTrafficPolicy", "ServiceSpec.internalTrafficPolicy" ->
                    TRAFFIC_POLICIES;
            default -> List.of();
        };
    }
}
