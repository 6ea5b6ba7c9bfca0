package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.List;

/**
 * The parts of a pod that are accepted and have no effect in this version. A line goes from here in
 * the commit that makes it work.
 */
final class NotYet {
    private static final List<String> POD =
            List.of(
                    "initContainers",
                    "volumes",
                    "affinity",
                    "tolerations",
                    "topologySpreadConstraints",
                    "activeDeadlineSeconds",
                    "shareProcessNamespace",
                    "hostPID",
                    "hostIPC",
                    "hostUsers",
                    "hostAliases",
                    "dnsConfig",
                    "imagePullSecrets",
                    "serviceAccountName",
                    "serviceAccount",
                    "priorityClassName",
                    "priority",
                    "runtimeClassName",
                    "readinessGates",
                    "schedulingGates",
                    "resourceClaims",
                    "resources",
                    "setHostnameAsFQDN",
                    "subdomain");

    private static final List<String> CONTAINER =
            List.of(
                    "livenessProbe",
                    "readinessProbe",
                    "startupProbe",
                    "lifecycle",
                    "volumeMounts",
                    "volumeDevices",
                    "envFrom",
                    "resizePolicy",
                    "stdinOnce",
                    "restartPolicyRules");

    /** Members of a security context that do have an effect. */
    private static final List<String> SECURITY = List.of("runAsUser");

    private NotYet() {}

    static void warn(JsonNode spec, FieldPath path, Findings findings) {
        members(spec, POD, path, findings);
        security(spec.path("securityContext"), path.child("securityContext"), findings);
        JsonNode containers = spec.path("containers");
        for (int i = 0; i < containers.size(); i++) {
            FieldPath at = path.child("containers").item(i);
            JsonNode container = containers.get(i);
            members(container, CONTAINER, at, findings);
            security(container.path("securityContext"), at.child("securityContext"), findings);
            JsonNode variables = container.path("env");
            for (int j = 0; j < variables.size(); j++) {
                JsonNode source = variables.get(j).path("valueFrom");
                members(
                        source,
                        List.of(
                                "configMapKeyRef",
                                "secretKeyRef",
                                "resourceFieldRef",
                                "fileKeyRef"),
                        at.child("env").item(j).child("valueFrom"),
                        findings);
            }
        }
    }

    private static void members(
            JsonNode object, List<String> names, FieldPath path, Findings findings) {
        for (String name : names) {
            JsonNode value = object.path(name);
            boolean off = value.isBoolean() && !value.booleanValue();
            if (!value.isMissingNode() && !off && !(value.isArray() && value.isEmpty())) {
                ignored(path.child(name), findings);
            }
        }
    }

    private static void security(JsonNode context, FieldPath path, Findings findings) {
        for (var member : context.properties()) {
            if (!SECURITY.contains(member.getKey())) {
                ignored(path.child(member.getKey()), findings);
            }
        }
    }

    private static void ignored(FieldPath path, Findings findings) {
        findings.warning(path, path + " is not acted on yet in this version");
    }
}
