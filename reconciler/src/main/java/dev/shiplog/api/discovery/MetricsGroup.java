package dev.shiplog.api.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/** What discovery says of {@code metrics.k8s.io}, whose objects are measured, not kept. */
final class MetricsGroup {
    static final String NAME = "metrics.k8s.io";
    static final String API_VERSION = NAME + "/v1beta1";

    private static final List<String> VERBS = List.of("get", "list");

    private MetricsGroup() {}

    private record Measured(String plural, String singular, String kind, boolean namespaced) {}

    private static final List<Measured> ALL =
            List.of(
                    new Measured("nodes", "node", "NodeMetrics", false),
                    new Measured("pods", "pod", "PodMetrics", true));

    /** The entries of an APIResourceList. */
    static void resources(ArrayNode resources) {
        for (Measured measured : ALL) {
            ObjectNode node = resources.addObject();
            node.put("name", measured.plural());
            node.put("singularName", measured.singular());
            node.put("namespaced", measured.namespaced());
            node.put("kind", measured.kind());
            VERBS.forEach(node.putArray("verbs")::add);
        }
    }

    /** The group's item in an APIGroupDiscoveryList. */
    static ObjectNode item() {
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        item.putObject("metadata").put("name", NAME).putNull("creationTimestamp");
        ObjectNode version = item.putArray("versions").addObject();
        version.put("version", "v1beta1");
        version.put("freshness", "Current");
        ArrayNode resources = version.putArray("resources");
        for (Measured measured : ALL) {
            ObjectNode node = resources.addObject();
            node.put("resource", measured.plural());
            ObjectNode kind = node.putObject("responseKind");
            kind.put("group", NAME);
            kind.put("version", "v1beta1");
            kind.put("kind", measured.kind());
            node.put("scope", measured.namespaced() ? "Namespaced" : "Cluster");
            node.put("singularResource", measured.singular());
            VERBS.forEach(node.putArray("verbs")::add);
        }
        return item;
    }
}
