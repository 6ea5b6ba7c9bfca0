package dev.shiplog.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a machine is told that is to be a node of a cluster elsewhere. All but the token is kept in
 * the node's folder for the next start.
 *
 * @param server where the control plane answers, such as {@code https://10.0.0.1:6443}
 * @param name the node's name
 * @param runtime as in {@link Settings}
 * @param labels of the node, beside those that say what the machine is
 * @param token with which it asks for its first certificate; empty if it has one
 * @param authorityHash see {@code AuthorityHash}; empty if the authority is known
 * @param authorityFile the authority's certificate, PEM
 */
public record NodeOptions(
        String server,
        String name,
        String runtime,
        SortedMap<String, String> labels,
        Optional<String> token,
        Optional<String> authorityHash,
        Optional<Path> authorityFile) {

    /** What was kept; empty if this was never a node. */
    public static Optional<NodeOptions> read(Path file) throws IOException {
        try {
            JsonNode node = Json.parse(Files.readString(file)).toNode();
            SortedMap<String, String> labels = new TreeMap<>();
            node.path("labels")
                    .properties()
                    .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
            return Optional.of(
                    new NodeOptions(
                            node.path("server").asText(),
                            node.path("name").asText(),
                            node.path("runtime").asText("auto"),
                            labels,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        ObjectNode node = Json.EMPTY.toObject();
        node.put("server", server);
        node.put("name", name);
        node.put("runtime", runtime);
        labels.forEach(node.putObject("labels")::put);
        Files.writeString(file, node.toPrettyString() + "\n");
    }
}
