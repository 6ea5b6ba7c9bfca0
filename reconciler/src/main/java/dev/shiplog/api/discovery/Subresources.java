package dev.shiplog.api.discovery;

import java.util.List;
import java.util.Map;

/** What discovery says of what stands below single resources, besides the resources themselves. */
final class Subresources {
    private static final List<String> CONNECT = List.of("create", "get");
    private static final List<String> PROXY = List.of("create", "delete", "get", "patch", "update");

    private static final Map<String, List<Subresource>> BY_PLURAL =
            Map.of(
                    "pods",
                    List.of(
                            new Subresource("attach", "PodAttachOptions", CONNECT),
                            new Subresource("exec", "PodExecOptions", CONNECT),
                            new Subresource("log", "Pod", List.of("get")),
                            new Subresource("portforward", "PodPortForwardOptions", CONNECT),
                            new Subresource("proxy", "PodProxyOptions", PROXY)),
                    "services",
                    List.of(new Subresource("proxy", "ServiceProxyOptions", PROXY)),
                    "nodes",
                    List.of(new Subresource("proxy", "NodeProxyOptions", PROXY)));

    private Subresources() {}

    /**
     * One subresource.
     *
     * @param kind of what is sent to it or comes from it
     */
    record Subresource(String name, String kind, List<String> verbs) {}

    /** Those of a resource of the core group. */
    static List<Subresource> of(String plural) {
        return BY_PLURAL.getOrDefault(plural, List.of());
    }
}
