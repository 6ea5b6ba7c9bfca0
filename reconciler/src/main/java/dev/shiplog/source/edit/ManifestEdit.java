package dev.shiplog.source.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.resource.schema.Finding;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.yaml.Manifests;
import dev.shiplog.resource.yaml.Manifests.Decoded;
import dev.shiplog.resource.yaml.YamlPart;
import dev.shiplog.resource.yaml.YamlText;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Changes what one file declares of one object.
 *
 * <p>Invariants: after a change the file decodes, the object means what was asked for, and every
 * other object of the file means what it meant; else nothing is changed and the reason given. The
 * smallest change that achieves this is taken: only what differs, else the document written anew
 * without what Git never said, else with it.
 */
public final class ManifestEdit {
    private static final String DEFAULT_NAMESPACE = "default";

    private ManifestEdit() {}

    /** What comes of a change. */
    public sealed interface Outcome {
        /**
         * The file's new content.
         *
         * @param content empty if nothing is left in it: delete it
         * @param declared what it declares
         */
        record Changed(Optional<byte[]> content, List<DeclaredResource> declared)
                implements Outcome {
            public Changed {
                declared = List.copyOf(declared);
            }
        }

        /** It says so already. */
        record Same() implements Outcome {}

        /** It declares something else than the change starts from. */
        record Stale(String message) implements Outcome {}

        /** Not a legal wish, or not to be said in this file. */
        record Rejected(List<String> objections) implements Outcome {
            public Rejected {
                objections = List.copyOf(objections);
            }
        }
    }

    /**
     * A new file that declares one object.
     *
     * @param path for messages
     * @param after as in {@link dev.shiplog.source.Declarations.Change.Put}
     */
    public static Outcome create(String path, ResourceKey key, Json after) {
        Kind kind = Kinds.of(key.kind()).orElseThrow();
        ObjectNode document = after.toObject();
        Findings findings = new Findings();
        Meaning wanted = Meaning.of(kind, document, findings).withoutBookkeeping();
        if (findings.hasErrors()) {
            return rejected(path, findings);
        }
        for (ObjectNode candidate : whole(kind, key, wanted, document)) {
            String text = String.join("\n", Layout.USUAL.mapping("", candidate, 0)) + "\n";
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            Decoded decoded = Manifests.decode(path, content, DEFAULT_NAMESPACE);
            if (decoded.problems().isEmpty()
                    && decoded.resources().size() == 1
                    && decoded.resources().getFirst().key().equals(key)
                    && Meaning.of(decoded.resources().getFirst()).equals(wanted)) {
                return new Outcome.Changed(Optional.of(content), decoded.resources());
            }
        }
        return new Outcome.Rejected(
                List.of(
                        path
                                + ": expected a manifest that means "
                                + key
                                + ", could not write one"));
    }

    /**
     * The whole document of a meaning, first without what defaults fill in, then with it. How many
     * there shall be is said even if it is the default: people change it in place.
     */
    private static List<ObjectNode> whole(
            Kind kind, ResourceKey key, Meaning wanted, ObjectNode said) {
        ObjectNode full = wanted.document();
        full.put("apiVersion", kind.storageVersion());
        full.put("kind", key.kind().kind());
        ObjectNode metadata = full.withObjectProperty("metadata");
        metadata.put("name", key.name());
        if (!key.namespace().isEmpty()) {
            metadata.put("namespace", key.namespace());
        }
        Set<JsonNode> added = Documents.nodes();
        added.add(full);
        ObjectNode spare = Documents.spare(kind, full, added);
        JsonNode replicas = said.at("/spec/replicas");
        if (!replicas.isMissingNode()) {
            spare.withObjectProperty("spec").set("replicas", replicas);
        }
        return List.of(spare, full);
    }

    private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();

    private static Outcome rejected(String path, Findings findings) {
        return new Outcome.Rejected(
                findings.errors().stream()
                        .map(Finding::message)
                        .map(m -> path + ": " + m)
                        .toList());
    }

    /**
     * Changes what a file declares of an object.
     *
     * @param live what the object is now, if that may differ from what the file declares: another
     *     document that the change may start from
     * @param before as in {@link dev.shiplog.source.Declarations.Change.Put}
     */
    public static Outcome put(
            String path,
            byte[] content,
            ResourceKey key,
            Optional<Json> live,
            Json before,
            Json after) {
        Kind kind = Kinds.of(key.kind()).orElseThrow();
        Decoded decoded = Manifests.decode(path, content, DEFAULT_NAMESPACE);
        Optional<DeclaredResource> declared =
                decoded.resources().stream().filter(d -> d.key().equals(key)).findFirst();
        if (declared.isEmpty()) {
            return new Outcome.Stale(key + " is not declared in " + path + " any more");
        }
        Findings findings = new Findings();
        Meaning to = Meaning.of(kind, after.toObject(), findings).withoutBookkeeping();
        if (findings.hasErrors()) {
            return rejected(path, findings);
        }
        Meaning from = Meaning.of(kind, before.toObject(), new Findings()).withoutBookkeeping();
        Meaning now = Meaning.of(declared.get());
        boolean current =
                from.body().equals(now.body()) || live.filter(from.body()::equals).isPresent();
        if (!current
                || !holds(from.labels(), now.labels())
                || !holds(from.annotations(), Bookkeeping.without(now.annotations()))) {
            return new Outcome.Stale(
                    key
                            + " has changed in the meantime: compute the change again from what "
                            + path
                            + " declares now");
        }
        Meaning wanted = wanted(now, from, to);
        if (wanted.equals(now)) {
            return new Outcome.Same();
        }
        return new FileEdit(path, content, decoded, kind, declared.get()).to(wanted);
    }

    /** Whether a live object still has what Git declares; it may have more. */
    private static boolean holds(SortedMap<String, String> live, SortedMap<String, String> git) {
        return git.entrySet().stream()
                .allMatch(entry -> entry.getValue().equals(live.get(entry.getKey())));
    }

    /** What is declared now, with the difference between two documents carried into it. */
    private static Meaning wanted(Meaning now, Meaning from, Meaning to) {
        return new Meaning(
                carried(now.labels(), from.labels(), to.labels()),
                carried(now.annotations(), from.annotations(), to.annotations()),
                carried(now.owners(), from.owners(), to.owners()),
                carried(now.finalizers(), from.finalizers(), to.finalizers()),
                now.body().equals(from.body())
                        ? to.body()
                        : Json.of(
                                Documents.carried(
                                        now.body().toNode(),
                                        from.body().toNode(),
                                        to.body().toNode(),
                                        Documents.nodes())));
    }

    private static SortedMap<String, String> carried(
            SortedMap<String, String> now,
            SortedMap<String, String> from,
            SortedMap<String, String> to) {
        TreeMap<String, String> result = new TreeMap<>(now);
        from.keySet().stream().filter(name -> !to.containsKey(name)).forEach(result::remove);
        to.forEach((name, value) -> {
            if (!value.equals(from.get(name))) {
                result.put(name, value);
            }
        });
        return result;
    }

    private static <T> List<T> carried(List<T> now, List<T> from, List<T> to) {
        List<T> result = new ArrayList<>(now);
        result.removeIf(item -> from.contains(item) && !to.contains(item));
        to.stream()
                .filter(item -> !from.contains(item) && !result.contains(item))
                .forEach(result::add);
        return result;
    }

    /** Takes an object out of a file. */
    public static Outcome remove(String path, byte[] content, ResourceKey key) {
        Decoded decoded = Manifests.decode(path, content, DEFAULT_NAMESPACE);
        Optional<DeclaredResource> declared =
                decoded.resources().stream().filter(d -> d.key().equals(key)).findFirst();
        if (declared.isEmpty()) {
            return new Outcome.Same();
        }
        if (decoded.resources().size() == 1 && decoded.problems().isEmpty()) {
            return new Outcome.Changed(Optional.empty(), List.of());
        }
        Kind kind = Kinds.of(key.kind()).orElseThrow();
        return new FileEdit(path, content, decoded, kind, declared.get()).away();
    }

    /** One change of one file. */
    private static final class FileEdit {
        private static final String BYTE_ORDER_MARK = "\uFEFF";

        private final String path;
        private final Decoded decoded;
        private final Kind kind;
        private final DeclaredResource declared;
        private final String mark;
        private final String text;

        FileEdit(
                String path,
                byte[] content,
                Decoded decoded,
                Kind kind,
                DeclaredResource declared) {
            this.path = path;
            this.decoded = decoded;
            this.kind = kind;
            this.declared = declared;
            String all = new String(content, StandardCharsets.UTF_8);
            this.mark = all.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
            this.text = all.substring(mark.length());
        }

        Outcome to(Meaning wanted) {
            try {
                Found found = find(text);
                Layout layout = Layout.of(found.file(), found.part());
                for (Attempt attempt : attempts(found, wanted)) {
                    Optional<Outcome> done =
                            attempt.text(layout)
                                    .flatMap(content -> proven(content, Optional.of(wanted)));
                    if (done.isPresent()) {
                        return done.get();
                    }
                }
            } catch (TextEdit.Unable | IllegalArgumentException e) {
                return unable(String.valueOf(e.getMessage()));
            }
            return unable("its text cannot be changed so that it means that and nothing else");
        }

        private Outcome unable(String why) {
            return new Outcome.Rejected(
                    List.of(
                            path
                                    + ":"
                                    + declared.line()
                                    + ": "
                                    + declared.key()
                                    + " cannot be changed in this file: "
                                    + why
                                    + ". Change it by hand and push"));
        }

        /** A way to change the text, most careful first. */
        private interface Attempt {
            Optional<byte[]> text(Layout layout);
        }

        private List<Attempt> attempts(Found found, Meaning wanted) {
            ObjectNode said = (ObjectNode) found.part().json();
            Set<JsonNode> added = Documents.nodes();
            ObjectNode carried =
                    pruned(
                            (ObjectNode)
                                    Documents.carried(
                                            said,
                                            Meaning.of(declared).document(),
                                            wanted.document(),
                                            added));
            boolean sayable = sameMeaning(carried, wanted);
            List<Attempt> attempts = new ArrayList<>();
            if (sayable) {
                ObjectNode spare = Documents.spare(kind, carried, added);
                attempts.add(
                        layout -> bytes(() -> TextEdit.apply(text, found.part(), spare, layout)));
                attempts.add(layout -> bytes(() -> expandedThenApplied(found, spare, layout)));
                attempts.add(
                        layout -> bytes(() -> TextEdit.apply(text, found.part(), carried, layout)));
                // A text at the end of the file may need the line break that the file lacks.
                attempts.add(layout ->
                        bytes(() -> TextEdit.apply(text + "\n", found.part(), spare, layout)));
                attempts.add(
                        layout -> bytes(() -> TextEdit.rewrite(text, found.part(), spare, layout)));
            }
            for (ObjectNode whole : whole(kind, declared.key(), wanted, NOTHING)) {
                attempts.add(
                        layout -> bytes(() -> TextEdit.rewrite(text, found.part(), whole, layout)));
            }
            return attempts;
        }

        private boolean sameMeaning(ObjectNode document, Meaning wanted) {
            return Meaning.of(kind, document, new Findings()).equals(wanted);
        }

        /** Maps and lists that the change has emptied are not written. */
        private static ObjectNode pruned(ObjectNode document) {
            if (document.path("metadata") instanceof ObjectNode metadata) {
                for (String name :
                        List.of("labels", "annotations", "ownerReferences", "finalizers")) {
                    if (metadata.path(name).isContainerNode() && metadata.path(name).isEmpty()) {
                        metadata.remove(name);
                    }
                }
            }
            return document;
        }

        private interface Writing {
            String text() throws TextEdit.Unable;
        }

        private Optional<byte[]> bytes(Writing writing) {
            try {
                return Optional.of((mark + writing.text()).getBytes(StandardCharsets.UTF_8));
            } catch (TextEdit.Unable | IllegalArgumentException _) {
                return Optional.empty();
            }
        }

        /** Aliases of what changes, and do not change with it, say first what they repeat. */
        private String expandedThenApplied(Found found, ObjectNode wanted, Layout layout)
                throws TextEdit.Unable {
            String changed = TextEdit.apply(text, found.part(), wanted, layout);
            Map<String, JsonNode> after = new HashMap<>();
            Map<String, JsonNode> before = new HashMap<>();
            anchors(find(changed).part(), after);
            anchors(found.part(), before);
            Set<String> touched = new TreeSet<>();
            before.forEach((name, value) -> {
                if (!value.equals(after.get(name))) {
                    touched.add(name);
                }
            });
            String open = TextEdit.expanded(text, found.part(), touched, layout);
            return TextEdit.apply(open, find(open).part(), wanted, layout);
        }

        private static void anchors(YamlPart part, Map<String, JsonNode> anchors) {
            part.anchor().ifPresent(name -> anchors.put(name, part.json()));
            switch (part) {
                case YamlPart.Mapping mapping ->
                        mapping.members().forEach(member -> anchors(member.value(), anchors));
                case YamlPart.Sequence list -> list.items().forEach(item -> anchors(item, anchors));
                case YamlPart.Scalar _, YamlPart.Alias _ -> {}
            }
        }

        Outcome away() {
            try {
                Found found = find(text);
                String changed;
                if (found.list().isPresent() && found.list().get().items().size() > 1) {
                    Layout layout = Layout.of(found.file(), found.document().roots().getFirst());
                    changed =
                            TextEdit.without(
                                    text, found.list().get(), Set.of(found.index()), layout);
                } else if (found.document().roots().size() == 1) {
                    changed = withoutDocument(found);
                } else {
                    return unable("its document ends with \"...\" and not with \"---\"");
                }
                byte[] content = (mark + changed).getBytes(StandardCharsets.UTF_8);
                return proven(content, Optional.empty())
                        .orElseGet(() ->
                                unable(
                                        "its text cannot be taken out without changing"
                                                + " others"));
            } catch (TextEdit.Unable | IllegalArgumentException e) {
                return unable(String.valueOf(e.getMessage()));
            }
        }

        /** Of the first document, comments stay that a blank line sets apart: the file's own. */
        private String withoutDocument(Found found) {
            YamlText.Document document = found.document();
            if (document.start() > 0) {
                String before = text.substring(0, document.start());
                String after = text.substring(document.end());
                return after.isEmpty() && !text.endsWith("\n")
                        ? before.stripTrailing()
                        : before + after;
            }
            Lines lines = new Lines(text);
            int content = lines.start(found.part().start());
            int kept = lines.withCommentsAbove(content, lines.column(found.part().start()));
            while (kept > 0 && !lines.blank(lines.start(kept - 1))) {
                kept = lines.start(kept - 1);
            }
            String head = text.substring(0, kept);
            String rest = text.substring(document.end());
            boolean separated = head.startsWith("---") || !head.isBlank();
            return separated
                    ? head + rest
                    : rest.substring(lines.text().isEmpty() ? 0 : afterSeparator(rest));
        }

        private static int afterSeparator(String rest) {
            int end = rest.indexOf('\n');
            boolean bare = rest.startsWith("---") && end >= 0 && rest.substring(3, end).isBlank();
            return bare ? end + 1 : 0;
        }

        /** A new content, if it means what the file meant, but for the object. */
        private Optional<Outcome> proven(byte[] content, Optional<Meaning> wanted) {
            Decoded after = Manifests.decode(path, content, DEFAULT_NAMESPACE);
            if (!after.problems().isEmpty()) {
                return Optional.empty();
            }
            Map<ResourceKey, Said> expected = said(decoded);
            expected.remove(declared.key());
            wanted.ifPresent(meaning ->
                    expected.put(declared.key(), new Said(declared.apiVersion(), meaning)));
            return said(after).equals(expected)
                    ? Optional.of(new Outcome.Changed(Optional.of(content), after.resources()))
                    : Optional.empty();
        }

        private record Said(String apiVersion, Meaning meaning) {}

        private static Map<ResourceKey, Said> said(Decoded decoded) {
            Map<ResourceKey, Said> said = new TreeMap<>();
            decoded.resources()
                    .forEach(d -> said.put(d.key(), new Said(d.apiVersion(), Meaning.of(d))));
            return said;
        }

        /**
         * Where the object stands.
         *
         * @param list the list that it is an item of, if it is
         */
        private record Found(
                YamlText file,
                YamlText.Document document,
                YamlPart part,
                Optional<YamlPart.Sequence> list,
                int index) {}

        private Found find(String in) throws TextEdit.Unable {
            YamlText file = YamlText.of(in);
            for (YamlText.Document document : file.documents()) {
                for (YamlPart root : document.roots()) {
                    JsonNode json = root.json();
                    if (isIt(json, json.path("kind").asText())) {
                        return new Found(file, document, root, Optional.empty(), -1);
                    }
                    Optional<YamlPart.Sequence> items = items(root);
                    String kinds = json.path("kind").asText();
                    for (int i = 0; items.isPresent() && i < items.get().items().size(); i++) {
                        YamlPart item = items.get().items().get(i);
                        String implied = kinds.substring(0, Math.max(0, kinds.length() - 4));
                        JsonNode object = item.json();
                        if (isIt(object, object.path("kind").asText(implied))) {
                            return new Found(file, document, item, items, i);
                        }
                    }
                }
            }
            throw new TextEdit.Unable("its document was not found in the text");
        }

        private static Optional<YamlPart.Sequence> items(YamlPart root) {
            if (root instanceof YamlPart.Mapping mapping
                    && root.json().path("kind").asText().endsWith("List")) {
                for (YamlPart.Member member : mapping.members()) {
                    if (member.name().equals("items")
                            && member.value() instanceof YamlPart.Sequence list) {
                        return Optional.of(list);
                    }
                }
            }
            return Optional.empty();
        }

        private boolean isIt(JsonNode object, String kindName) {
            ResourceKey key = declared.key();
            JsonNode metadata = object.path("metadata");
            String namespace = metadata.path("namespace").asText("");
            return object.isObject()
                    && kindName.equals(key.kind().kind())
                    && metadata.path("name").asText().equals(key.name())
                    && (key.namespace().isEmpty()
                            || (namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace)
                                    .equals(key.namespace()))
                    && Kinds.served(
                                    object.path("apiVersion").asText(kind.storageVersion()),
                                    kindName)
                            .filter(kind::equals)
                            .isPresent();
        }
    }
}
