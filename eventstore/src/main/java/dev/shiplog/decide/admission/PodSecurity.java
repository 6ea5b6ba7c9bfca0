package dev.shiplog.decide.admission;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The Pod Security Standards, of Kubernetes' newest version (k8s.io/pod-security-admission, for its
 * words). Not checked: AppArmor, SELinux and Windows, which this cluster does not set.
 */
public final class PodSecurity {
    private static final String LABEL = "pod-security.kubernetes.io/";

    private static final Set<String> BASELINE_CAPABILITIES =
            Set.of(
                    "AUDIT_WRITE",
                    "CHOWN",
                    "DAC_OVERRIDE",
                    "FOWNER",
                    "FSETID",
                    "KILL",
                    "MKNOD",
                    "NET_BIND_SERVICE",
                    "SETFCAP",
                    "SETGID",
                    "SETPCAP",
                    "SETUID",
                    "SYS_CHROOT");

    private static final Set<String> SAFE_SYSCTLS =
            Set.of(
                    "kernel.shm_rmid_forced",
                    "net.ipv4.ip_local_port_range",
                    "net.ipv4.ip_unprivileged_port_start",
                    "net.ipv4.tcp_syncookies",
                    "net.ipv4.ping_group_range",
                    "net.ipv4.ip_local_reserved_ports",
                    "net.ipv4.tcp_keepalive_time",
                    "net.ipv4.tcp_fin_timeout",
                    "net.ipv4.tcp_keepalive_intvl",
                    "net.ipv4.tcp_keepalive_probes");

    private static final Set<String> RESTRICTED_VOLUMES =
            Set.of(
                    "configMap",
                    "csi",
                    "downwardAPI",
                    "emptyDir",
                    "ephemeral",
                    "image",
                    "persistentVolumeClaim",
                    "projected",
                    "secret");

    /** How much a pod may do. */
    public enum Level {
        PRIVILEGED,
        BASELINE,
        RESTRICTED;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final JsonNode spec;
    private final List<JsonNode> containers;
    private final List<String> violations = new ArrayList<>();

    private PodSecurity(JsonNode spec) {
        this.spec = spec;
        this.containers = Amounts.containers(spec);
    }

    /** The level that a namespace enforces; empty for none. */
    public static Optional<Level> enforced(ClusterState state, String namespace) {
        return level(state, namespace, "enforce");
    }

    /** The level that a namespace warns of; empty for none. */
    public static Optional<Level> warned(ClusterState state, String namespace) {
        return level(state, namespace, "warn");
    }

    /** The level that a namespace has violations of noted; empty for none. */
    public static Optional<Level> audited(ClusterState state, String namespace) {
        return level(state, namespace, "audit");
    }

    /**
     * The pod that a resource is or makes: its {@code spec}, or that of its template.
     *
     * @param body as in {@code Resource}
     */
    public static Optional<JsonNode> pod(GroupKind kind, JsonNode body) {
        JsonNode spec = body.path("spec");
        JsonNode pod =
                kind.equals(GroupKind.POD)
                        ? spec
                        : spec.has("jobTemplate")
                                ? spec.at("/jobTemplate/spec/template/spec")
                                : spec.at("/template/spec");
        return pod.isObject() ? Optional.of(pod) : Optional.empty();
    }

    private static Optional<Level> level(ClusterState state, String namespace, String mode) {
        return state.resource(ResourceKey.namespace(namespace.isEmpty() ? "default" : namespace))
                .map(found -> found.metadata().labels().getOrDefault(LABEL + mode, ""))
                .flatMap(word ->
                        switch (word) {
                            case "baseline" -> Optional.of(Level.BASELINE);
                            // A level that nobody knows is the strictest, as in Kubernetes.
                            case "", "privileged" -> Optional.empty();
                            default -> Optional.of(Level.RESTRICTED);
                        });
    }

    /** What is wrong with a pod at a level; empty if nothing is. */
    public static Optional<String> violation(Level level, JsonNode spec) {
        PodSecurity check = new PodSecurity(spec);
        switch (level) {
            case PRIVILEGED -> {
                return Optional.empty();
            }
            case BASELINE -> {
                check.baseline();
                check.addedCapabilities();
                check.hostPaths();
                check.unconfined();
            }
            case RESTRICTED -> {
                check.baseline();
                check.restricted();
            }
        }
        return check.violations.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "violates PodSecurity \""
                                + level.word()
                                + ":latest\": "
                                + String.join(", ", check.violations));
    }

    private void baseline() {
        List<String> host = new ArrayList<>();
        for (String name : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (spec.path(name).asBoolean()) {
                host.add(name + "=true");
            }
        }
        add("host namespaces", String.join(", ", host));
        hostPorts();
        add(
                "privileged",
                who(
                        container -> security(container).path("privileged").asBoolean(),
                        "must not set securityContext.privileged=true"));
        add(
                "procMount",
                who(
                        container ->
                                !security(container)
                                        .path("procMount")
                                        .asText("Default")
                                        .equals("Default"),
                        "must not set securityContext.procMount to \"Unmasked\""));
        List<String> sysctls = new ArrayList<>();
        for (JsonNode sysctl : spec.path("securityContext").path("sysctls")) {
            if (!SAFE_SYSCTLS.contains(sysctl.path("name").asText())) {
                sysctls.add(sysctl.path("name").asText());
            }
        }
        add("forbidden sysctls", String.join(", ", sysctls));
    }

    private void hostPorts() {
        List<String> users = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        for (JsonNode container : containers) {
            boolean uses = false;
            for (JsonNode port : container.path("ports")) {
                if (port.path("hostPort").asInt() != 0) {
                    uses = true;
                    ports.add(port.path("hostPort").asText());
                }
            }
            if (uses) {
                users.add(quoted(container));
            }
        }
        if (!users.isEmpty()) {
            add(
                    "hostPort",
                    (users.size() == 1 ? "container " : "containers ")
                            + String.join(", ", users)
                            + (users.size() == 1 ? " uses " : " use ")
                            + (ports.size() == 1 ? "hostPort " : "hostPorts ")
                            + String.join(", ", ports));
        }
    }

    private void addedCapabilities() {
        List<String> added = new ArrayList<>();
        String who =
                names(container -> {
                    boolean found = false;
                    for (JsonNode name : security(container).path("capabilities").path("add")) {
                        if (!BASELINE_CAPABILITIES.contains(name.asText())) {
                            added.add("\"" + name.asText() + "\"");
                            found = true;
                        }
                    }
                    return found;
                });
        if (!who.isEmpty()) {
            add(
                    "non-default capabilities",
                    who
                            + " must not include "
                            + added.stream().distinct().sorted().collect(Collectors.joining(", "))
                            + " in securityContext.capabilities.add");
        }
    }

    private void hostPaths() {
        List<String> volumes = new ArrayList<>();
        for (JsonNode volume : spec.path("volumes")) {
            if (volume.has("hostPath")) {
                volumes.add("\"" + volume.path("name").asText() + "\"");
            }
        }
        if (!volumes.isEmpty()) {
            add(
                    "hostPath volumes",
                    (volumes.size() == 1 ? "volume " : "volumes ") + String.join(", ", volumes));
        }
    }

    private void unconfined() {
        if (seccomp(spec.path("securityContext")).equals("Unconfined")) {
            add(
                    "seccompProfile",
                    "pod must not set securityContext.seccompProfile.type to \"Unconfined\"");
        }
        add(
                "seccompProfile",
                who(
                        container -> seccomp(security(container)).equals("Unconfined"),
                        "must not set securityContext.seccompProfile.type to \"Unconfined\""));
    }

    private void restricted() {
        add(
                "allowPrivilegeEscalation != false",
                who(
                        container -> {
                            JsonNode value = security(container).path("allowPrivilegeEscalation");
                            return !value.isBoolean() || value.booleanValue();
                        },
                        "must set securityContext.allowPrivilegeEscalation=false"));
        capabilities();
        volumes();
        JsonNode pod = spec.path("securityContext");
        boolean nonRoot = pod.path("runAsNonRoot").asBoolean();
        String root =
                names(container -> {
                    JsonNode own = security(container).path("runAsNonRoot");
                    return own.isBoolean() ? !own.booleanValue() : !nonRoot;
                });
        if (!root.isEmpty()) {
            add(
                    "runAsNonRoot != true",
                    "pod or " + root + " must set securityContext.runAsNonRoot=true");
        }
        if (isZero(pod.path("runAsUser"))) {
            add("runAsUser=0", "pod must not set runAsUser=0");
        }
        add(
                "runAsUser=0",
                who(
                        container -> isZero(security(container).path("runAsUser")),
                        "must not set runAsUser=0"));
        boolean confined = confined(seccomp(pod));
        String open =
                names(container -> {
                    String own = seccomp(security(container));
                    return own.isEmpty() ? !confined : !confined(own);
                });
        if (!open.isEmpty()) {
            add(
                    "seccompProfile",
                    "pod or "
                            + open
                            + " must set securityContext.seccompProfile.type to \"RuntimeDefault\""
                            + " or \"Localhost\"");
        }
    }

    private void capabilities() {
        List<String> parts = new ArrayList<>();
        String keeping =
                who(
                        container -> {
                            for (JsonNode name :
                                    security(container).path("capabilities").path("drop")) {
                                if (name.asText().equals("ALL")) {
                                    return false;
                                }
                            }
                            return true;
                        },
                        "must set securityContext.capabilities.drop=[\"ALL\"]");
        if (!keeping.isEmpty()) {
            parts.add(keeping);
        }
        List<String> added = new ArrayList<>();
        String adding =
                names(container -> {
                    boolean found = false;
                    for (JsonNode name : security(container).path("capabilities").path("add")) {
                        if (!name.asText().equals("NET_BIND_SERVICE")) {
                            added.add("\"" + name.asText() + "\"");
                            found = true;
                        }
                    }
                    return found;
                });
        if (!adding.isEmpty()) {
            parts.add(
                    adding
                            + " must not include "
                            + added.stream().distinct().sorted().collect(Collectors.joining(", "))
                            + " in securityContext.capabilities.add");
        }
        add("unrestricted capabilities", String.join("; ", parts));
    }

    private void volumes() {
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (JsonNode volume : spec.path("volumes")) {
            volume.fieldNames()
                    .forEachRemaining(type -> {
                        if (!type.equals("name") && !RESTRICTED_VOLUMES.contains(type)) {
                            names.add("\"" + volume.path("name").asText() + "\"");
                            types.add("\"" + type + "\"");
                        }
                    });
        }
        if (!names.isEmpty()) {
            add(
                    "restricted volume types",
                    (names.size() == 1 ? "volume " : "volumes ")
                            + String.join(", ", names)
                            + (names.size() == 1
                                    ? " uses restricted volume type "
                                    : " use restricted volume types ")
                            + types.stream().distinct().collect(Collectors.joining(", ")));
        }
    }

    private void add(String reason, String detail) {
        if (!detail.isEmpty()) {
            violations.add(reason + " (" + detail + ")");
        }
    }

    /** {@code container "a" must …} or {@code containers "a", "b" must …}; empty for none. */
    private String who(Predicate<JsonNode> wrong, String must) {
        String names = names(wrong);
        return names.isEmpty() ? "" : names + " " + must;
    }

    private String names(Predicate<JsonNode> wrong) {
        List<String> names = new ArrayList<>();
        for (JsonNode container : containers) {
            if (wrong.test(container)) {
                names.add(quoted(container));
            }
        }
        return names.isEmpty()
                ? ""
                : (names.size() == 1 ? "container " : "containers ") + String.join(", ", names);
    }

    private static String quoted(JsonNode container) {
        return "\"" + container.path("name").asText() + "\"";
    }

    private static JsonNode security(JsonNode container) {
        return container.path("securityContext");
    }

    private static String seccomp(JsonNode context) {
        return context.path("seccompProfile").path("type").asText();
    }

    private static boolean confined(String seccomp) {
        return seccomp.equals("RuntimeDefault") || seccomp.equals("Localhost");
    }

    private static boolean isZero(JsonNode user) {
        return user.isNumber() && user.longValue() == 0;
    }
}
