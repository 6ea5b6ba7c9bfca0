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
                    "hostPID",
                    "hostIPC",
                    "hostUsers",
                    "runtimeClassName",
                    "schedulingGates",
                    "resourceClaims",
                    "resources");

    private static final List<String> CONTAINER =
            List.of("volumeDevices", "resizePolicy", "restartPolicyRules");

    /** Where the value of a variable may come from, and cannot yet. */
    private static final List<String> SOURCES = List.of("fileKeyRef");

    /** Members of a security context that do have an effect. */
    private static final List<String> SECURITY =
            List.of("runAsUser", "fsGroup", "supplementalGroups");

    /** Volumes that a node can make. A pod with another waits. */
    private static final List<String> VOLUMES =
            List.of(
                    "name",
                    "emptyDir",
                    "hostPath",
                    "configMap",
                    "secret",
                    "downwardAPI",
                    "projected");

    private NotYet() {}

    /** A part of another kind that does nothing yet. */
    static void member(FieldPath path, Findings findings) {
        ignored(path, findings);
    }

    static void warn(JsonNode spec, FieldPath path, Findings findings) {
        members(spec, POD, path, findings);
        security(spec.path("securityContext"), path.child("securityContext"), findings);
        JsonNode volumes = spec.path("volumes");
        for (int i = 0; i < volumes.size(); i++) {
            for (var member : volumes.get(i).properties()) {
                if (!VOLUMES.contains(member.getKey())) {
                    FieldPath volume = path.child("volumes").item(i).child(member.getKey());
                    findings.warning(
                            volume,
                            volume + " is not known to nodes yet in this version: the pod waits");
                }
            }
        }
        for (String list : List.of("initContainers", "containers")) {
            JsonNode containers = spec.path(list);
            for (int i = 0; i < containers.size(); i++) {
                container(containers.get(i), path.child(list).item(i), findings);
            }
        }
    }

    private static void container(JsonNode container, FieldPath path, Findings findings) {
        members(container, CONTAINER, path, findings);
        security(container.path("securityContext"), path.child("securityContext"), findings);
        members(
                container.path("lifecycle"),
                List.of("stopSignal"),
                path.child("lifecycle"),
                findings);
        JsonNode variables = container.path("env");
        for (int i = 0; i < variables.size(); i++) {
            FieldPath source = path.child("env").item(i).child("valueFrom");
            members(variables.get(i).path("valueFrom"), SOURCES, source, findings);
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
