package dev.shiplog.api.select;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fields that selectors may name, by kind, and how they are read. As in Kubernetes. */
final class Fields {
    private static final Set<String> INVOLVED =
            Set.of(
                    "kind",
                    "namespace",
                    "name",
                    "uid",
                    "apiVersion",
                    "resourceVersion",
                    "fieldPath");

    private static final Map<String, Set<String>> BY_KIND =
            Map.of(
                    "Pod",
                    Set.of(
                            "spec.nodeName",
                            "spec.restartPolicy",
                            "spec.schedulerName",
                            "spec.serviceAccountName",
                            "spec.hostNetwork",
                            "status.phase",
                            "status.podIP",
                            "status.nominatedNodeName"),
                    "Node",
                    Set.of("spec.unschedulable"),
                    "Namespace",
                    Set.of("status.phase"),
                    "ReplicationController",
                    Set.of("status.replicas"),
                    "ReplicaSet",
                    Set.of("status.replicas"),
                    "Job",
                    Set.of("status.successful"),
                    "Secret",
                    Set.of("type"));

    /** Fields that are no text: what they count as while they are absent. */
    private static final Map<String, String> ABSENT =
            Map.of(
                    "spec.unschedulable",
                    "false",
                    "spec.hostNetwork",
                    "false",
                    "status.replicas",
                    "0",
                    "status.successful",
                    "0");

    private Fields() {}

    /** Reads one field of any resource of a kind; empty if selectors may not name it. */
    static Optional<Field> of(GroupKind kind, String name) {
        if (name.equals("metadata.name")) {
            return Optional.of(resource -> resource.key().name());
        }
        if (name.equals("metadata.namespace")) {
            return Optional.of(resource -> resource.key().namespace());
        }
        if (kind.equals(GroupKind.EVENT)) {
            return ofEvent(name);
        }
        if (!BY_KIND.getOrDefault(kind.kind(), Set.of()).contains(name)) {
            return Optional.empty();
        }
        String absent = ABSENT.getOrDefault(name, "");
        String[] path = name.split("\\.", -1);
        return Optional.of(
                path[0].equals("status")
                        ? resource -> text(resource.status(), absent, path[1])
                        : resource -> text(resource.body(), absent, path));
    }

    private static Optional<Field> ofEvent(String name) {
        int dot = name.indexOf('.');
        String first = dot < 0 ? name : name.substring(0, dot);
        return switch (first) {
            case "involvedObject", "regarding" ->
                    INVOLVED.contains(name.substring(dot + 1))
                            ? Optional.of(at("involvedObject", name.substring(dot + 1)))
                            : Optional.empty();
            case "reason", "type", "reportingComponent" ->
                    dot < 0 ? Optional.of(at(name)) : Optional.empty();
            case "reportingController" -> Optional.of(at("reportingComponent"));
            case "source" -> Optional.of(at("source", "component"));
            default -> Optional.empty();
        };
    }

    private static Field at(String... path) {
        return resource -> text(resource.body(), "", path);
    }

    /** Reads a text without building a tree: selectors look at many resources and keep few. */
    private static String text(Json json, String absent, String... path) {
        try (JsonParser parser = json.parser()) {
            parser.nextToken();
            for (String name : List.of(path)) {
                if (!enter(parser, name)) {
                    return absent;
                }
            }
            return parser.currentToken().isScalarValue() && !parser.hasToken(JsonToken.VALUE_NULL)
                    ? parser.getText()
                    : absent;
        } catch (IOException e) {
            throw new IllegalStateException("canonical JSON could not be read: " + json, e);
        }
    }

    /** Goes from the start of an object to the value of a member. */
    private static boolean enter(JsonParser parser, String name) throws IOException {
        if (!parser.hasToken(JsonToken.START_OBJECT)) {
            return false;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals(name);
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    /** Reads one field. */
    interface Field {
        String of(Resource resource);
    }
}
