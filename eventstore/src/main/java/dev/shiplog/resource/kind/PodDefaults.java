package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/** What Kubernetes fills into the spec of a pod (k8s.io/kubernetes, core/v1 defaults). */
final class PodDefaults {
    /** Permission bits of projected files, 0644. */
    private static final int FILE_MODE = 420;

    private PodDefaults() {}

    /** Defaults of a pod itself, in addition to those of {@link #setSpec}. */
    static void setPod(ObjectNode pod) {
        ObjectNode spec = pod.withObjectProperty("spec");
        Defaults.put(spec, "serviceAccountName", spec.path("serviceAccount").asText("default"));
        setSpec(spec);
        Defaults.put(spec, "enableServiceLinks", true);
        Defaults.objects(spec, "containers").forEach(PodDefaults::requestsFromLimits);
        Defaults.objects(spec, "initContainers").forEach(PodDefaults::requestsFromLimits);
        DefaultTolerations.set(spec);
    }

    /** Defaults of every pod spec, also that in a template. */
    static void setSpec(ObjectNode spec) {
        setServiceAccount(spec);
        Defaults.put(spec, "restartPolicy", "Always");
        Defaults.put(spec, "dnsPolicy", "ClusterFirst");
        Defaults.put(spec, "terminationGracePeriodSeconds", 30);
        Defaults.put(spec, "schedulerName", "default-scheduler");
        Defaults.object(spec, "securityContext");
        boolean hostNetwork = spec.path("hostNetwork").asBoolean();
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            for (ObjectNode container : Defaults.objects(spec, list)) {
                setContainer(container, hostNetwork);
            }
        }
        Defaults.objects(spec, "volumes").forEach(PodDefaults::setVolume);
    }

    /** The name has an older alias; each is filled in from the other. */
    private static void setServiceAccount(ObjectNode spec) {
        String name = spec.path("serviceAccountName").asText(spec.path("serviceAccount").asText());
        if (!name.isEmpty()) {
            spec.put("serviceAccountName", name);
            spec.put("serviceAccount", name);
        }
    }

    private static void setContainer(ObjectNode container, boolean hostNetwork) {
        Defaults.put(
                container,
                "imagePullPolicy",
                isLatest(container.path("image").asText()) ? "Always" : "IfNotPresent");
        Defaults.put(container, "terminationMessagePath", "/dev/termination-log");
        Defaults.put(container, "terminationMessagePolicy", "File");
        Defaults.object(container, "resources");
        for (ObjectNode port : Defaults.objects(container, "ports")) {
            Defaults.put(port, "protocol", "TCP");
            if (hostNetwork && port.has("containerPort")) {
                Defaults.put(port, "hostPort", port.path("containerPort").asInt());
            }
        }
        for (ObjectNode variable : Defaults.objects(container, "env")) {
            setFieldRef(variable.path("valueFrom").path("fieldRef"));
        }
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.path(probe) instanceof ObjectNode object) {
                setProbe(object);
            }
        }
        for (JsonNode hook : container.path("lifecycle")) {
            setHttpGet(hook.path("httpGet"));
        }
    }

    /** Whether an image has the tag {@code latest}, or neither a tag nor a digest. */
    static boolean isLatest(String image) {
        if (image.contains("@")) {
            return false;
        }
        int colon = image.lastIndexOf(':');
        boolean tagged = colon > image.lastIndexOf('/');
        return !tagged || image.substring(colon + 1).equals("latest");
    }

    private static void setProbe(ObjectNode probe) {
        Defaults.putUnlessPositive(probe, "timeoutSeconds", 1);
        Defaults.putUnlessPositive(probe, "periodSeconds", 10);
        Defaults.putUnlessPositive(probe, "successThreshold", 1);
        Defaults.putUnlessPositive(probe, "failureThreshold", 3);
        setHttpGet(probe.path("httpGet"));
        if (probe.path("grpc") instanceof ObjectNode grpc && !grpc.has("service")) {
            grpc.put("service", "");
        }
    }

    private static void setHttpGet(JsonNode action) {
        if (action instanceof ObjectNode object) {
            Defaults.put(object, "path", "/");
            Defaults.put(object, "scheme", "HTTP");
        }
    }

    private static void setFieldRef(JsonNode reference) {
        if (reference instanceof ObjectNode object) {
            Defaults.put(object, "apiVersion", "v1");
        }
    }

    private static void setVolume(ObjectNode volume) {
        if (volume.size() == 1 && volume.has("name")) {
            volume.putObject("emptyDir");
        }
        for (String kind : List.of("secret", "configMap", "downwardAPI", "projected")) {
            if (volume.path(kind) instanceof ObjectNode source) {
                Defaults.put(source, "defaultMode", FILE_MODE);
                for (JsonNode item : source.path("items")) {
                    setFieldRef(item.path("fieldRef"));
                }
            }
        }
        if (volume.path("hostPath") instanceof ObjectNode path && !path.has("type")) {
            path.put("type", "");
        }
    }

    /** A resource that is limited and not requested is requested up to its limit. */
    private static void requestsFromLimits(ObjectNode container) {
        JsonNode limits = container.path("resources").path("limits");
        if (limits.isEmpty()) {
            return;
        }
        ObjectNode requests = Defaults.object(Defaults.object(container, "resources"), "requests");
        limits.properties()
                .forEach(limit -> {
                    if (!requests.has(limit.getKey())) {
                        requests.set(limit.getKey(), limit.getValue());
                    }
                });
    }
}
