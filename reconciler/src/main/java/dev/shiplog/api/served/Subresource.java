package dev.shiplog.api.served;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.schema.Shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A part of a resource that is asked for by a path of its own.
 *
 * @param name such as {@code scale}
 * @param group the group of what it answers with, where that is not the resource; else empty
 * @param version that version, where it is not the resource's; else empty
 * @param kind the kind that it takes and answers with, such as {@code Scale}
 * @param verbs what it can be asked for
 */
public record Subresource(
        String name, String group, String version, String kind, List<String> verbs) {
    private static final List<String> CONNECT = List.of("create", "get");
    private static final List<String> PROXY = List.of("create", "delete", "get", "patch", "update");
    private static final List<String> READ_AND_WRITE = List.of("get", "patch", "update");

    public Subresource {
        verbs = List.copyOf(verbs);
    }

    /** Whether it takes documents of another group and version than its resource. */
    public boolean foreign() {
        return !version.isEmpty();
    }

    /** The subresources of a kind, by name. */
    public static List<Subresource> of(Kind kind) {
        List<Subresource> all = new ArrayList<>();
        String name = kind.groupKind().kind();
        Map<String, Shape> members = Shape.of(kind.model()).members();
        if (kind.groupKind().equals(GroupKind.POD)) {
            all.add(own("attach", "PodAttachOptions", CONNECT));
            all.add(own("binding", "Binding", List.of("create")));
            all.add(own("ephemeralcontainers", name, READ_AND_WRITE));
            all.add(new Subresource("eviction", "policy", "v1", "Eviction", List.of("create")));
            all.add(own("exec", "PodExecOptions", CONNECT));
            all.add(own("log", name, List.of("get")));
            all.add(own("portforward", "PodPortForwardOptions", CONNECT));
            all.add(own("proxy", "PodProxyOptions", PROXY));
        }
        if (kind.groupKind().equals(GroupKind.SERVICE_ACCOUNT)) {
            all.add(
                    new Subresource(
                            "token",
                            "authentication.k8s.io",
                            "v1",
                            "TokenRequest",
                            List.of("create")));
        }
        if (kind.groupKind().equals(GroupKind.SIGNING_REQUEST)) {
            all.add(own("approval", name, READ_AND_WRITE));
        }
        if (kind.groupKind().equals(GroupKind.NAMESPACE)) {
            all.add(own("finalize", name, List.of("update")));
        }
        if (kind.groupKind().equals(GroupKind.NODE)) {
            all.add(own("proxy", "NodeProxyOptions", PROXY));
        }
        if (kind.groupKind().equals(new GroupKind("", "Service"))) {
            all.add(own("proxy", "ServiceProxyOptions", PROXY));
        }
        if (members.get("spec") instanceof Shape.Fields spec
                && spec.members().containsKey("replicas")
                && spec.members().containsKey("selector")) {
            all.add(new Subresource("scale", "autoscaling", "v1", "Scale", READ_AND_WRITE));
        }
        if (members.containsKey("status")) {
            all.add(own("status", name, READ_AND_WRITE));
        }
        return all;
    }

    private static Subresource own(String name, String kind, List<String> verbs) {
        return new Subresource(name, "", "", kind, verbs);
    }
}
