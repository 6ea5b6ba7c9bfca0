package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;

import io.fabric8.kubernetes.api.model.Namespace;

import java.util.List;

/** Namespace: a scope for names. */
final class NamespaceTable {
    static final Kind KIND =
            new Kind(
                    GroupKind.NAMESPACE,
                    "namespaces",
                    "namespace",
                    List.of("ns"),
                    List.of(),
                    false,
                    "v1",
                    List.of("v1"),
                    true,
                    Namespace.class,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Status",
                                    0,
                                    "The status of the namespace",
                                    Namespace.class,
                                    NamespaceTable::phase),
                            Cells.age()),
                    new NamespaceRules());

    private NamespaceTable() {}

    private static String phase(Namespace namespace) {
        String otherwise =
                namespace.getMetadata().getDeletionTimestamp() == null ? "Active" : "Terminating";
        return namespace.getStatus() == null
                ? otherwise
                : Cells.orElse(namespace.getStatus().getPhase(), otherwise);
    }

    private static final class NamespaceRules implements Rules {
        @Override
        public void setDefaults(ObjectNode document) {
            ObjectNode metadata = Defaults.object(document, "metadata");
            if (metadata.has("name")) {
                Defaults.object(metadata, "labels")
                        .put("kubernetes.io/metadata.name", metadata.path("name").asText());
            }
            ObjectNode spec = Defaults.object(document, "spec");
            if (spec.path("finalizers").isEmpty()) {
                spec.putArray("finalizers").add("kubernetes");
            }
        }

        @Override
        public List<String> nameObjections(String name) {
            return Names.label(name);
        }
    }
}
