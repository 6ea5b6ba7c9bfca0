package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.Request;
import dev.shiplog.command.SourceCommand.Removal;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.source.Trailers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The message of a commit that a client's write becomes: a subject as a careful person would write
 * it, and trailers that say who asked, and by which command.
 */
public final class CommitMessage {
    /** The most characters of a subject. */
    static final int MAX_SUBJECT = 72;

    /** The most characters of a value that a client sent. */
    private static final int MAX_VALUE = 200;

    /** The most characters of a value that a subject tells. */
    private static final int MAX_TOLD = 30;

    /** Fields that a subject names. */
    private static final int MAX_NAMED = 3;

    private static final String RESTARTED = "kubectl.kubernetes.io/restartedAt";

    private CommitMessage() {}

    /** The whole message. */
    static String of(String subject, Request request, List<String> trailers) {
        List<String> lines = new ArrayList<>();
        request.header("Kubectl-Command")
                .map(CommitMessage::oneLine)
                .filter(command -> !command.isEmpty())
                .ifPresent(command -> lines.add("Kubectl-Command: " + command));
        lines.add("Shiplog-Actor: user:" + oneLine(request.identity().name()));
        request.identity()
                .impersonator()
                .ifPresent(real -> lines.add("Shiplog-Impersonator: user:" + oneLine(real)));
        lines.add("Shiplog-Request: " + oneLine(request.id()));
        lines.addAll(trailers);
        return shortened(oneLine(subject)) + "\n\n" + String.join("\n", lines) + "\n";
    }

    /** What says how things are to be deleted, where that is not what happens anyway. */
    static List<String> removalTrailers(Removal removal, boolean many) {
        List<String> trailers = new ArrayList<>();
        if (removal.propagation() != Propagation.BACKGROUND) {
            trailers.add(
                    Trailers.CASCADE
                            + ": "
                            + removal.propagation().name().toLowerCase(Locale.ROOT));
        }
        removal.graceSeconds()
                .ifPresent(seconds -> trailers.add(Trailers.GRACE_SECONDS + ": " + seconds));
        if (many) {
            trailers.add(Trailers.ALLOW_DELETE + ": true");
        }
        return trailers;
    }

    static String created(ResourceKey key) {
        return "Add " + named(key);
    }

    static String removed(ResourceKey key) {
        return "Remove " + named(key);
    }

    /** A namespace and what is declared in it. */
    static String removedWithContent(ResourceKey namespace, int content) {
        return content == 0
                ? removed(namespace)
                : "Remove "
                        + named(namespace)
                        + " and the "
                        + counted(content, "object", "objects")
                        + " in it";
    }

    static String removedAll(Kind kind, Collection<ResourceKey> keys) {
        if (keys.size() == 1) {
            return removed(keys.iterator().next());
        }
        TreeSet<String> namespaces =
                new TreeSet<>(keys.stream().map(ResourceKey::namespace).toList());
        return "Remove "
                + keys.size()
                + " "
                + kind.plural()
                + (namespaces.size() == 1 && !namespaces.first().isEmpty()
                        ? " from " + namespaces.first()
                        : "");
    }

    /**
     * What changed.
     *
     * @param before and {@code after}: declared documents
     * @param command what kubectl was called with, such as {@code kubectl rollout undo}
     */
    static String changed(ResourceKey key, Json before, Json after, String command) {
        JsonNode old = before.toNode();
        JsonNode now = after.toNode();
        if (command.endsWith("rollout undo")) {
            return "Roll back " + named(key);
        }
        List<String> paths = new ArrayList<>();
        differences("", old, now, paths);
        if (paths.equals(List.of("/spec/replicas"))) {
            return "Scale " + shortName(key) + " to " + now.at("/spec/replicas").asText() + in(key);
        }
        if (paths.equals(List.of("/spec/paused"))) {
            return (now.at("/spec/paused").asBoolean() ? "Pause" : "Resume")
                    + " the rollout of "
                    + named(key);
        }
        if (!paths.isEmpty()
                && paths.stream().allMatch(path -> unescaped(path).endsWith(RESTARTED))) {
            return "Restart " + named(key);
        }
        // The default of the policy follows the image.
        List<String> images =
                paths.stream().filter(path -> !path.endsWith("/imagePullPolicy")).toList();
        if (!images.isEmpty() && images.stream().allMatch(path -> path.endsWith("/image"))) {
            String image = now.at(images.getFirst()).asText();
            return images.size() == 1
                    ? "Set the image of " + shortName(key) + " to " + image + in(key)
                    : "Set images of " + named(key);
        }
        return map("/metadata/labels/", "label", "labels", paths, key, old, now)
                .or(() ->
                        map(
                                "/metadata/annotations/",
                                "annotation",
                                "annotations",
                                paths,
                                key,
                                old,
                                now))
                .or(() -> single(paths, key, now))
                .or(() -> fields(paths, key))
                .orElse("Change " + named(key));
    }

    private static Optional<String> map(
            String prefix,
            String one,
            String many,
            List<String> paths,
            ResourceKey key,
            JsonNode old,
            JsonNode now) {
        if (paths.isEmpty() || !paths.stream().allMatch(path -> path.startsWith(prefix))) {
            return Optional.empty();
        }
        if (paths.size() > 1) {
            return Optional.of("Change " + many + " of " + named(key));
        }
        String name = unescaped(paths.getFirst().substring(prefix.length()));
        if (now.at(paths.getFirst()).isMissingNode()) {
            return Optional.of("Remove " + one + " " + name + " from " + named(key));
        }
        String verb = old.at(paths.getFirst()).isMissingNode() ? "Add" : "Change";
        return Optional.of(
                verb
                        + " "
                        + one
                        + " "
                        + name
                        + (one.equals("label") ? "=" + now.at(paths.getFirst()).asText() : "")
                        + (verb.equals("Add") ? " to " : " of ")
                        + named(key));
    }

    private static Optional<String> single(List<String> paths, ResourceKey key, JsonNode now) {
        boolean tellable =
                paths.size() == 1
                        && now.at(paths.getFirst()).isValueNode()
                        && now.at(paths.getFirst()).asText().length() <= MAX_TOLD
                        && !key.kind().equals(GroupKind.SECRET);
        if (!tellable) {
            return Optional.empty();
        }
        String path = paths.getFirst();
        String field = unescaped(path.substring(path.lastIndexOf('/') + 1));
        return Optional.of(
                "Set "
                        + field
                        + " of "
                        + shortName(key)
                        + " to "
                        + now.at(path).asText()
                        + in(key));
    }

    /** Names what changed, if that is little enough for a subject. */
    private static Optional<String> fields(List<String> paths, ResourceKey key) {
        List<String> names =
                paths.stream().map(CommitMessage::lastName).distinct().toList();
        if (names.isEmpty()
                || names.size() > MAX_NAMED
                || names.stream().anyMatch(name -> name.length() > MAX_TOLD)) {
            return Optional.empty();
        }
        String last = names.getLast();
        String list =
                names.size() == 1
                        ? last
                        : String.join(", ", names.subList(0, names.size() - 1)) + " and " + last;
        return Optional.of("Change " + list + " of " + named(key));
    }

    /** The field that a path leads to or, within a list, the list. */
    private static String lastName(String path) {
        String name = "";
        for (String part : path.split("/", -1)) {
            if (!part.chars().allMatch(Character::isDigit)) {
                name = part;
            }
        }
        return unescaped(name);
    }

    /** The JSON pointers of the smallest parts that differ. */
    private static void differences(String path, JsonNode old, JsonNode now, List<String> paths) {
        if (old.equals(now)) {
            return;
        }
        // A map that one side lacks is an empty one.
        boolean maps =
                (old.isObject() || now.isObject())
                        && (old.isObject() || old.isMissingNode())
                        && (now.isObject() || now.isMissingNode())
                        && !path.isEmpty();
        boolean lists = old.isArray() && now.isArray() && old.size() == now.size();
        if (maps || path.isEmpty()) {
            TreeSet<String> names = new TreeSet<>();
            old.fieldNames().forEachRemaining(names::add);
            now.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                differences(
                        path + "/" + name.replace("~", "~0").replace("/", "~1"),
                        old.path(name),
                        now.path(name),
                        paths);
            }
        } else if (lists) {
            for (int i = 0; i < old.size(); i++) {
                differences(path + "/" + i, old.path(i), now.path(i), paths);
            }
        } else {
            paths.add(path);
        }
    }

    private static String unescaped(String step) {
        return step.replace("~1", "/").replace("~0", "~");
    }

    private static String named(ResourceKey key) {
        return shortName(key) + in(key);
    }

    private static String in(ResourceKey key) {
        return key.namespace().isEmpty() || key.namespace().equals("default")
                ? ""
                : " in " + key.namespace();
    }

    /** As on a command line: {@code deploy/web}. */
    private static String shortName(ResourceKey key) {
        String kind =
                Kinds.of(key.kind())
                        .map(known ->
                                known.shortNames().isEmpty()
                                        ? known.singular()
                                        : known.shortNames().getFirst())
                        .orElseGet(() -> key.kind().kind().toLowerCase(Locale.ROOT));
        return kind + "/" + key.name();
    }

    private static String counted(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    private static String shortened(String subject) {
        return subject.length() <= MAX_SUBJECT
                ? subject
                : subject.substring(0, MAX_SUBJECT - 1).stripTrailing() + "…";
    }

    /** A value that cannot begin another trailer. */
    private static String oneLine(String value) {
        String line = value.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= MAX_VALUE ? line : line.substring(0, MAX_VALUE);
    }
}
