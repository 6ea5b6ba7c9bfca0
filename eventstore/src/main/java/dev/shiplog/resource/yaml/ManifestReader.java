package dev.shiplog.resource.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Admission;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.KindLookup;
import dev.shiplog.resource.kind.ObjectMeta;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Finding;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.schema.Shape;
import dev.shiplog.resource.schema.ShapeCheck;

import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one file: text, documents, Lists, resources. Collects what is wrong on the way. */
final class ManifestReader {
    private final String path;
    private final String defaultNamespace;
    private final PlainSecrets plainSecrets;
    private final List<DeclaredResource> resources = new ArrayList<>();
    private final Troubles problems = new Troubles();
    private final Troubles warnings = new Troubles();
    private final Map<ResourceKey, Place> declared = new HashMap<>();

    ManifestReader(String path, String defaultNamespace, PlainSecrets plainSecrets) {
        this.path = path;
        this.defaultNamespace = defaultNamespace;
        this.plainSecrets = plainSecrets;
    }

    void read(byte[] content) {
        switch (SourceText.of(content)) {
            case SourceText.Unreadable(Trouble why) -> problems.add(why);
            case SourceText.Text(String text) ->
                    YamlDocuments.of(text, problems::add).forEach(this::document);
        }
    }

    List<DeclaredResource> resources() {
        return resources;
    }

    List<Trouble> problems() {
        return problems.list();
    }

    List<Trouble> warnings() {
        return warnings.list();
    }

    private void document(YamlDocument document) {
        TreeBuilder builder = new TreeBuilder(document);
        JsonNode tree = builder.build();
        warnings.addAll(builder.warnings());
        problems.addAll(builder.problems());
        if (builder.problems().isEmpty() && !tree.isNull()) {
            object(new Locator(document, document.root()), document, document.root(), tree);
        }
    }

    private void object(Locator locator, YamlDocument document, Node node, JsonNode tree) {
        Optional<String> other = OtherFiles.trouble(path, tree, node.equals(document.root()));
        if (other.isPresent() || !(tree instanceof ObjectNode object)) {
            other.ifPresent(message -> problems.add(new Trouble(locator.start(), message)));
            return;
        }
        Findings findings = new Findings();
        Optional<Header> header = Header.of(object, findings);
        if (header.isPresent() && header.get().isList()) {
            items(document, node, object, header.get());
            return;
        }
        header.flatMap(found -> admit(found, object, findings))
                .ifPresent(kind -> declare(kind, object, locator));
        findings.errors().forEach(error -> problems.add(trouble(locator, error)));
        findings.warnings().forEach(warning -> warnings.add(trouble(locator, warning)));
    }

    private static Trouble trouble(Locator locator, Finding finding) {
        return new Trouble(locator.place(finding), finding.message());
    }

    /** Each item of a List is a document of its own; those of a PodList need not say so. */
    private void items(YamlDocument document, Node node, ObjectNode list, Header header) {
        Node member = member(node, "items");
        if (!(member instanceof SequenceNode nodes)) {
            problems.add(
                    new Trouble(
                            document.place(member.getStartMark()),
                            "items: expected a list, as the kind %s says"
                                    .formatted(header.kind())));
            return;
        }
        JsonNode items = list.path("items");
        for (int i = 0; i < items.size(); i++) {
            Node item = nodes.getValue().get(i);
            if (items.get(i) instanceof ObjectNode object) {
                header.fill(object);
            }
            object(new Locator(document, item), document, item, items.get(i));
        }
    }

    private static Node member(Node node, String name) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name)) {
                    return tuple.getValueNode();
                }
            }
        }
        return node;
    }

    /** The kind of the document, if it was taken in. */
    private Optional<Kind> admit(Header header, ObjectNode object, Findings findings) {
        switch (KindLookup.find(header.apiVersion(), header.kind(), findings)) {
            case KindLookup.Found.Refused(Optional<Class<?>> model) ->
                    model.ifPresent(type -> ShapeCheck.check(object, Shape.of(type), findings));
            case KindLookup.Found.Served(Kind kind) -> {
                if (kind.groupKind().equals(GroupKind.SECRET)) {
                    plainSecrets.check(object, path, findings);
                    if (findings.hasErrors()) {
                        return Optional.empty();
                    }
                }
                Admission.admit(kind, object, defaultNamespace, findings);
                return findings.hasErrors() ? Optional.empty() : Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private void declare(Kind kind, ObjectNode object, Locator locator) {
        JsonNode metadata = object.path("metadata");
        GroupKind groupKind = kind.groupKind();
        String name = metadata.path("name").asText();
        ResourceKey key = new ResourceKey(groupKind, metadata.path("namespace").asText(), name);
        Place first = declared.putIfAbsent(key, locator.start());
        if (first != null) {
            problems.add(
                    new Trouble(
                            locator.start(),
                            "%s is declared twice in this file: first at %s"
                                    .formatted(key, first)));
            return;
        }
        ObjectMeta said = ObjectMeta.of(metadata);
        object.remove(List.of("apiVersion", "kind", "metadata", "status"));
        resources.add(
                new DeclaredResource(
                        path,
                        locator.start().line(),
                        key,
                        kind.storageVersion(),
                        said.labels(),
                        said.annotations(),
                        said.owners(),
                        said.finalizers(),
                        Json.of(object)));
    }

    /** What a document says it is. */
    private record Header(String apiVersion, String kind) {
        private static final String LIST = "List";

        /** Empty, and an error, if it does not say. */
        static Optional<Header> of(ObjectNode object, Findings findings) {
            boolean complete = true;
            for (String name : new String[] {"apiVersion", "kind"}) {
                JsonNode value = object.path(name);
                if (value.isNumber() || value.isBoolean() || value.isContainerNode()) {
                    findings.error(
                            FieldPath.of(name),
                            "expected a string, found "
                                    + (value.isContainerNode()
                                            ? value.isArray() ? "a list" : "a mapping"
                                            : value.asText()));
                    complete = false;
                } else if (value.isMissingNode() || value.asText().isEmpty() || value.isNull()) {
                    findings.required(FieldPath.of(name), example(name));
                    complete = false;
                }
            }
            return complete
                    ? Optional.of(
                            new Header(
                                    object.path("apiVersion").asText(),
                                    object.path("kind").asText()))
                    : Optional.empty();
        }

        private static String example(String name) {
            return name.equals("kind") ? "such as Pod or Deployment" : "such as v1 or apps/v1";
        }

        boolean isList() {
            return kind.endsWith(LIST);
        }

        void fill(ObjectNode item) {
            String itemKind = kind.substring(0, kind.length() - LIST.length());
            if (!itemKind.isEmpty()) {
                if (!item.has("apiVersion")) {
                    item.put("apiVersion", apiVersion);
                }
                if (!item.has("kind")) {
                    item.put("kind", itemKind);
                }
            }
        }
    }
}
