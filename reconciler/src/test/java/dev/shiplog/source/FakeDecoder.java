package dev.shiplog.source;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.yaml.Manifests.Decoded;
import dev.shiplog.resource.yaml.Manifests.Problem;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decodes any YAML with a kind and a name, without knowing kinds: for tests of what happens to
 * files, whatever is in them. Counts the files it decodes.
 */
public final class FakeDecoder implements ManifestDecoder {
    private final AtomicInteger decoded = new AtomicInteger();

    /** How many files were decoded so far. */
    public int decodedFiles() {
        return decoded.get();
    }

    @Override
    public Decoded decode(String path, byte[] content, String defaultNamespace) {
        decoded.incrementAndGet();
        String text = new String(content, StandardCharsets.UTF_8);
        List<DeclaredResource> resources = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        int line = 1;
        for (String document : text.split("(?m)^---\\s*$", -1)) {
            try {
                Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(document);
                if (tree != null) {
                    resources.add(resource(path, line, tree, defaultNamespace));
                }
            } catch (MarkedYAMLException e) {
                problems.add(
                        new Problem(
                                path,
                                line + e.getProblemMark().getLine(),
                                e.getProblemMark().getColumn() + 1,
                                e.getProblem()));
            } catch (IllegalArgumentException | ClassCastException e) {
                problems.add(new Problem(path, line, 1, String.valueOf(e.getMessage())));
            }
            line += (int) document.lines().count();
        }
        return new Decoded(problems.isEmpty() ? resources : List.of(), problems, List.of());
    }

    private static DeclaredResource resource(
            String path, int line, Object tree, String defaultNamespace) {
        if (!(tree instanceof Map)) {
            throw new IllegalArgumentException("expected an object, found " + tree);
        }
        ObjectNode node = new ObjectMapper().valueToTree(tree);
        if (!node.path("kind").isTextual()) {
            throw new IllegalArgumentException("expected a kind, found none");
        }
        String version = node.path("apiVersion").asText();
        String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        GroupKind kind = new GroupKind(group, node.path("kind").asText());
        String namespace =
                kind.equals(GroupKind.NAMESPACE)
                        ? ""
                        : node.path("metadata").path("namespace").asText(defaultNamespace);
        ResourceKey key =
                new ResourceKey(kind, namespace, node.path("metadata").path("name").asText());
        SortedMap<String, String> labels = new TreeMap<>();
        node.path("metadata")
                .path("labels")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        node.remove(List.of("apiVersion", "kind", "metadata", "status"));
        return new DeclaredResource(
                path, line, key, version, labels, Collections.emptySortedMap(), Json.of(node));
    }
}
