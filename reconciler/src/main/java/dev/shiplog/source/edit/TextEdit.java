package dev.shiplog.source.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.yaml.YamlPart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Changes a text so that one part of it means something else, and touches only what must change.
 *
 * <p>The result is a proposal: whoever calls reads it back. Where a text is written in a way that
 * this does not know, it is no failure to change more of it than necessary.
 */
final class TextEdit {
    /** What cannot be said by changing this text in place. */
    static final class Unable extends Exception {
        Unable(String message) {
            super(message);
        }
    }

    /** Replaces characters; of two at one place, the one that inserts comes first. */
    private record Splice(int start, int end, String text) {}

    /** What surrounds a value. */
    private sealed interface Place {
        /**
         * Behind a name or a dash.
         *
         * @param column of the name or dash
         * @param behind the offset behind the colon or dash
         * @param item whether it is a dash
         */
        record Block(String name, int column, int behind, boolean item) implements Place {}

        /**
         * In braces or brackets, or a whole document.
         *
         * @param quoted whether names are quoted
         */
        record Flow(String name, boolean quoted) implements Place {}
    }

    private final String text;
    private final Lines lines;
    private final Layout layout;
    private final List<Splice> splices = new ArrayList<>();

    private TextEdit(String text, Layout layout) {
        this.text = text;
        this.lines = new Lines(text);
        this.layout = layout;
    }

    /**
     * The text in which a part means what is wanted.
     *
     * @param part the root of a document, or an item of a list in it
     */
    static String apply(String text, YamlPart part, JsonNode wanted, Layout layout) throws Unable {
        TextEdit edit = new TextEdit(text, layout);
        edit.edit(part, wanted, edit.around(part));
        return edit.spliced();
    }

    /** The text in which an object that is written as a part is written anew. */
    static String rewrite(String text, YamlPart part, ObjectNode wanted, Layout layout)
            throws Unable {
        TextEdit edit = new TextEdit(text, layout);
        int column = edit.lines.column(part.start());
        String written;
        if (part instanceof YamlPart.Mapping mapping && mapping.flow()) {
            boolean quoted = layout.json() || quoted(mapping);
            written =
                    layout.flow("", wanted, quoted, spread(text, mapping) ? edit.indent(part) : -1);
        } else {
            String all = String.join("\n", layout.mapping("", wanted, column));
            written = all.substring(column);
        }
        edit.splice(part.start(), part.end(), written);
        return edit.spliced();
    }

    /** The text without some items of a list. */
    static String without(String text, YamlPart.Sequence list, Set<Integer> gone, Layout layout)
            throws Unable {
        TextEdit edit = new TextEdit(text, layout);
        int[] kept =
                IntStream.range(0, list.items().size()).filter(i -> !gone.contains(i)).toArray();
        ArrayNode wanted = JsonNodeFactory.instance.arrayNode();
        for (int i : kept) {
            wanted.add(list.items().get(i).json());
        }
        edit.items(list, wanted, kept, new Place.Flow("", layout.json()));
        return edit.spliced();
    }

    /** The text in which the aliases of some anchors, within a part, say what they repeat. */
    static String expanded(String text, YamlPart part, Set<String> anchors, Layout layout)
            throws Unable {
        TextEdit edit = new TextEdit(text, layout);
        edit.expand(part, anchors, edit.around(part));
        return edit.spliced();
    }

    private void expand(YamlPart part, Set<String> anchors, Place place) throws Unable {
        switch (part) {
            case YamlPart.Alias alias -> {
                if (alias.target().anchor().filter(anchors::contains).isPresent()) {
                    replace(alias, alias.json(), place);
                }
            }
            case YamlPart.Mapping mapping -> {
                for (YamlPart.Member member : mapping.members()) {
                    expand(member.value(), anchors, inside(mapping, member));
                }
            }
            case YamlPart.Sequence list -> {
                for (YamlPart item : list.items()) {
                    expand(item, anchors, inside(list, item));
                }
            }
            case YamlPart.Scalar _ -> {}
        }
    }

    private Place inside(YamlPart.Mapping mapping, YamlPart.Member member) throws Unable {
        return mapping.flow()
                ? new Place.Flow(member.name(), layout.json() || quoted(mapping))
                : new Place.Block(
                        member.name(), lines.column(member.key().start()), colon(member), false);
    }

    private Place inside(YamlPart.Sequence list, YamlPart item) throws Unable {
        if (list.flow()) {
            return new Place.Flow("", layout.json());
        }
        int dash = dash(list, item);
        return new Place.Block("", lines.column(dash), dash + 1, true);
    }

    private Place around(YamlPart part) {
        int at = part.start() - 1;
        while (at >= 0 && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
            at--;
        }
        boolean dash = at >= 0 && text.charAt(at) == '-' && lines.column(at) < part.start();
        return dash && !text.startsWith("---", Math.max(0, at - 2))
                ? new Place.Block("", lines.column(at), at + 1, true)
                : new Place.Flow("", layout.json());
    }

    private void splice(int start, int end, String with) {
        if (start != end || !with.isEmpty()) {
            splices.add(new Splice(start, end, with));
        }
    }

    private String spliced() throws Unable {
        String lineBreak = text.contains("\r\n") ? "\r\n" : "\n";
        splices.sort(
                Comparator.comparingInt(Splice::start)
                        .thenComparing(splice -> splice.end() > splice.start()));
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (Splice splice : splices) {
            if (splice.start() < at) {
                throw new Unable("two changes of the text overlap");
            }
            out.append(text, at, splice.start());
            out.append(splice.text().replace("\n", lineBreak));
            at = splice.end();
        }
        out.append(text, at, text.length());
        // A file whose last line has no line break keeps it so, whichever line is last now.
        boolean added = !text.endsWith("\n") && out.length() > 0;
        if (added && out.charAt(out.length() - 1) == '\n') {
            out.setLength(new Lines(out.toString()).end(out.length() - 1));
        }
        return out.toString();
    }

    private void edit(YamlPart part, JsonNode wanted, Place place) throws Unable {
        if (part.json().equals(wanted)) {
            return;
        }
        switch (part) {
            case YamlPart.Mapping mapping
                    when wanted instanceof ObjectNode object
                            && !object.isEmpty()
                            && !mapping.members().isEmpty() ->
                    mapping(mapping, object, place);
            case YamlPart.Sequence list
                    when wanted instanceof ArrayNode array
                            && !array.isEmpty()
                            && !list.items().isEmpty() -> {
                List<JsonNode> before = new ArrayList<>();
                list.json().forEach(before::add);
                List<JsonNode> after = new ArrayList<>();
                array.forEach(after::add);
                items(list, array, Alignment.of(before, after), place);
            }
            case YamlPart.Scalar scalar when wanted.isValueNode() -> scalar(scalar, wanted, place);
            case YamlPart.Mapping _, YamlPart.Sequence _, YamlPart.Scalar _, YamlPart.Alias _ ->
                    replace(part, wanted, place);
        }
    }

    // --- scalars -----------------------------------------------------------------------------

    private void scalar(YamlPart.Scalar scalar, JsonNode wanted, Place place) throws Unable {
        boolean flow = place instanceof Place.Flow;
        boolean block =
                scalar.style() == YamlPart.Style.LITERAL || scalar.style() == YamlPart.Style.FOLDED;
        boolean literal = wanted.isTextual() && Words.fitsLiteral(wanted.asText());
        if (block && literal && !flow && !scalar.tagged()) {
            literal(scalar, wanted.asText());
        } else if (scalar.tagged()
                || scalar.start() == scalar.end()
                || block
                || (literal && !flow && scalar.style() == YamlPart.Style.PLAIN)) {
            replace(scalar, wanted, place);
        } else {
            String written =
                    place instanceof Place.Flow(var _, boolean quoted) && quoted
                            ? Words.json(wanted)
                            : Words.like(scalar.style(), wanted, flow);
            splice(scalar.content(), scalar.end(), written);
        }
    }

    /** Text of several lines in place of other such text: what is the same stays the same. */
    private void literal(YamlPart.Scalar scalar, String wanted) {
        int header = lines.end(scalar.content());
        int column = -1;
        for (int line = lines.next(header); line < scalar.end(); line = lines.next(line)) {
            if (!lines.blank(line)) {
                int at = line;
                while (text.charAt(at) == ' ') {
                    at++;
                }
                column = column < 0 ? at - line : Math.min(column, at - line);
            }
        }
        int indent =
                column > 0 ? column : lines.column(lines.start(scalar.start())) + layout.unit();
        Layout.Written written = Layout.literal(wanted, indent);
        splice(
                scalar.content(),
                scalar.end(),
                written.head().strip()
                        + lines.trailingComment(scalar.content())
                        + "\n"
                        + String.join("\n", written.lines()));
    }

    private void replace(YamlPart part, JsonNode wanted, Place place) {
        switch (place) {
            case Place.Flow(String name, boolean quoted) -> {
                boolean block =
                        (part instanceof YamlPart.Mapping m && !m.flow())
                                || (part instanceof YamlPart.Sequence s && !s.flow());
                if (block) {
                    splice(part.start(), part.end(), layout.flow(name, wanted, quoted, -1));
                    return;
                }
                int column =
                        lines.begins(part.start()) || (layout.json() && spread(text, part))
                                ? indent(part)
                                : -1;
                String written = layout.flow(name, wanted, quoted, column);
                boolean joined =
                        part.start() > 0 && ":,".indexOf(text.charAt(part.start() - 1)) >= 0;
                splice(part.start(), part.end(), joined ? " " + written : written);
            }
            case Place.Block block -> replace(part, wanted, block);
        }
    }

    private void replace(YamlPart part, JsonNode wanted, Place.Block place) {
        boolean empty = part.start() == part.end();
        int start = empty ? place.behind() : part.start();
        int end = empty ? place.behind() : part.end();
        Layout.Written written =
                place.item()
                        ? layout.item(wanted, place.column())
                        : layout.member(place.name(), wanted, place.column());
        String anchor = part.anchor().map(name -> " &" + name).orElse("");
        String head = anchor + written.head();
        String below = written.lines().isEmpty() ? "" : "\n" + String.join("\n", written.lines());
        int firstLineEnd = lines.end(place.behind());
        if (start > firstLineEnd) {
            splice(place.behind(), place.behind(), head);
            splice(firstLineEnd, end, below);
        } else if (lines.end(start) == lines.end(end)) {
            if (head.isEmpty()) {
                splice(place.behind(), end, "");
            } else if (start > place.behind()) {
                splice(start, end, head.substring(1));
            } else {
                splice(start, end, head);
            }
            splice(lines.end(end), lines.end(end), below);
        } else {
            boolean block =
                    part instanceof YamlPart.Scalar s
                            && (s.style() == YamlPart.Style.LITERAL
                                    || s.style() == YamlPart.Style.FOLDED);
            String comment = block ? lines.trailingComment(start) : "";
            splice(place.behind(), end, head + comment + below);
        }
    }

    // --- mappings ----------------------------------------------------------------------------

    private void mapping(YamlPart.Mapping mapping, ObjectNode wanted, Place place) throws Unable {
        JsonNode now = mapping.json();
        Map<String, YamlPart.Member> own = new LinkedHashMap<>();
        for (YamlPart.Member member : mapping.members()) {
            if (!member.merge()) {
                own.put(member.name(), member);
            }
        }
        for (Map.Entry<String, JsonNode> member : now.properties()) {
            if (!own.containsKey(member.getKey()) && !wanted.has(member.getKey())) {
                throw new Unable("the member " + member.getKey() + " is merged in by <<");
            }
        }
        List<String> added = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : wanted.properties()) {
            if (!own.containsKey(member.getKey())
                    && !member.getValue().equals(now.get(member.getKey()))) {
                added.add(member.getKey());
            }
        }
        List<Boolean> kept = new ArrayList<>();
        for (YamlPart.Member member : mapping.members()) {
            kept.add(member.merge() || wanted.has(member.name()));
        }
        boolean structural = !added.isEmpty() || kept.contains(false);
        if (!kept.contains(true) || (structural && !mapping.flow() && !regular(mapping))) {
            replace(mapping, wanted, place);
            return;
        }
        boolean quoted = layout.json() || (mapping.flow() && quoted(mapping));
        for (int i = 0; i < kept.size(); i++) {
            YamlPart.Member member = mapping.members().get(i);
            if (kept.get(i) && !member.merge()) {
                edit(member.value(), wanted.get(member.name()), inside(mapping, member));
            }
        }
        if (structural) {
            String name = name(place);
            Map<Integer, List<String>> behind = behind(mapping, kept, name, added);
            if (mapping.flow()) {
                flowMembers(mapping, kept, behind, wanted, quoted);
            } else {
                blockMembers(mapping, kept, behind, wanted);
            }
        }
    }

    private static String name(Place place) {
        return switch (place) {
            case Place.Block block -> block.name();
            case Place.Flow flow -> flow.name();
        };
    }

    /** The new members by the index of the kept one that they follow, -1 for the beginning. */
    private static Map<Integer, List<String>> behind(
            YamlPart.Mapping mapping, List<Boolean> kept, String name, List<String> added) {
        List<String> names = new ArrayList<>();
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i)) {
                names.add(mapping.members().get(i).name());
                indexes.add(i);
            }
        }
        Map<Integer, List<String>> behind = new TreeMap<>();
        for (String one : KeyOrder.sorted(name, added)) {
            int at = KeyOrder.predecessor(name, names, one);
            behind.computeIfAbsent(at < 0 ? -1 : indexes.get(at), _ -> new ArrayList<>()).add(one);
        }
        return behind;
    }

    /** Whether each member stands on lines of its own, the first perhaps behind a dash. */
    private boolean regular(YamlPart.Mapping mapping) {
        for (int i = 0; i < mapping.members().size(); i++) {
            int at = mapping.members().get(i).key().start();
            String before = text.substring(lines.start(at), at);
            if (!before.isBlank() && (i > 0 || !before.replace('-', ' ').isBlank())) {
                return false;
            }
        }
        return true;
    }

    private int colon(YamlPart.Member member) throws Unable {
        int at = member.key().end();
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        if (at >= text.length() || text.charAt(at) != ':') {
            throw new Unable("a key is not followed by its colon");
        }
        return at + 1;
    }

    private int end(YamlPart.Member member) throws Unable {
        return Math.max(colon(member), member.value().end());
    }

    private void blockMembers(
            YamlPart.Mapping mapping,
            List<Boolean> kept,
            Map<Integer, List<String>> behind,
            ObjectNode wanted)
            throws Unable {
        List<YamlPart.Member> members = mapping.members();
        int column = lines.column(members.getFirst().key().start());
        int first = kept.indexOf(true);
        int firstStart = members.get(first).key().start();
        boolean dashed = !lines.begins(members.getFirst().key().start());
        if (dashed && first > 0) {
            int line = lines.start(members.getFirst().key().start());
            int comments = lines.withCommentsAbove(lines.start(firstStart), column);
            String moved = text.substring(comments, lines.start(firstStart));
            splice(line, line, moved);
            splice(members.getFirst().key().start(), firstStart, "");
        }
        for (int i = dashed ? first : 0; i < members.size(); i++) {
            if (!kept.get(i)) {
                remove(members.get(i).key().start(), end(members.get(i)), column);
            }
        }
        for (Map.Entry<Integer, List<String>> group : behind.entrySet()) {
            List<String> written = new ArrayList<>();
            for (String name : group.getValue()) {
                written.addAll(layout.named(name, wanted.get(name), column));
            }
            if (group.getKey() >= 0) {
                insertBelow(end(members.get(group.getKey())), written);
            } else if (dashed) {
                splice(
                        firstStart,
                        firstStart,
                        String.join("\n", written).substring(column) + "\n" + " ".repeat(column));
            } else {
                int at = lines.withCommentsAbove(lines.start(firstStart), column);
                splice(at, at, String.join("\n", written) + "\n");
            }
        }
    }

    /** Inserts lines below the line of a place. */
    private void insertBelow(int at, List<String> written) {
        int next = lines.next(at);
        boolean open = next == text.length() && !text.endsWith("\n");
        String all = String.join("\n", written);
        splice(next, next, open ? "\n" + all : all + "\n");
    }

    /** Removes the lines of a member or an item with the comments that belong to it. */
    private void remove(int start, int end, int column) {
        int from = lines.withCommentsAbove(lines.start(start), column);
        int to = lines.behindInnerComments(lines.next(end), column);
        boolean blankBefore = from == 0 || lines.blank(lines.start(from - 1));
        if (blankBefore && to < text.length() && lines.blank(to)) {
            to = lines.next(to);
        }
        splice(from, to, "");
    }

    // --- lists -------------------------------------------------------------------------------

    /**
     * @param partners for each wanted item the index of the item that becomes it, or -1; ascending
     */
    private void items(YamlPart.Sequence list, ArrayNode wanted, int[] partners, Place place)
            throws Unable {
        List<Boolean> kept = new ArrayList<>();
        list.items().forEach(_ -> kept.add(false));
        Map<Integer, List<JsonNode>> behind = new TreeMap<>();
        int last = -1;
        for (int j = 0; j < partners.length; j++) {
            if (partners[j] >= 0) {
                last = partners[j];
                kept.set(last, true);
            } else {
                behind.computeIfAbsent(last, _ -> new ArrayList<>()).add(wanted.get(j));
            }
        }
        boolean structural = !behind.isEmpty() || kept.contains(false);
        if (!kept.contains(true) || (structural && !list.flow() && !regular(list))) {
            replace(list, wanted, place);
            return;
        }
        boolean quoted =
                layout.json() || (place instanceof Place.Flow(var _, boolean outer) && outer);
        for (int j = 0; j < partners.length; j++) {
            if (partners[j] >= 0) {
                YamlPart item = list.items().get(partners[j]);
                edit(
                        item,
                        wanted.get(j),
                        list.flow() ? new Place.Flow("", quoted) : inside(list, item));
            }
        }
        if (structural && list.flow()) {
            flowItems(list, kept, behind, quoted);
        } else if (structural) {
            blockItems(list, kept, behind);
        }
    }

    private void blockItems(
            YamlPart.Sequence list, List<Boolean> kept, Map<Integer, List<JsonNode>> behind)
            throws Unable {
        int column = lines.column(dash(list, list.items().getFirst()));
        Set<Integer> moved = new HashSet<>();
        for (int i = 0; i < kept.size(); i++) {
            if (!kept.get(i)) {
                int dash = dash(list, list.items().get(i));
                remove(dash, Math.max(dash + 1, list.items().get(i).end()), column);
            }
        }
        for (Map.Entry<Integer, List<JsonNode>> group : behind.entrySet()) {
            List<String> written = new ArrayList<>();
            for (JsonNode item : group.getValue()) {
                written.addAll(
                        moved(list, kept, moved, item, column)
                                .orElseGet(() -> layout.dashed(item, column)));
            }
            if (group.getKey() >= 0) {
                YamlPart before = list.items().get(group.getKey());
                insertBelow(Math.max(dash(list, before) + 1, before.end()), written);
            } else {
                int first = dash(list, list.items().get(kept.indexOf(true)));
                int at = lines.withCommentsAbove(lines.start(first), column);
                splice(at, at, String.join("\n", written) + "\n");
            }
        }
    }

    /**
     * The lines of an item that goes at one place and comes at another as it was, with the comments
     * that belong to it.
     *
     * @param moved the items that were taken so already
     */
    private Optional<List<String>> moved(
            YamlPart.Sequence list,
            List<Boolean> kept,
            Set<Integer> moved,
            JsonNode wanted,
            int column)
            throws Unable {
        for (int i = 0; i < kept.size(); i++) {
            YamlPart item = list.items().get(i);
            if (kept.get(i) || moved.contains(i) || !item.json().equals(wanted)) {
                continue;
            }
            int dash = dash(list, item);
            int from = lines.withCommentsAbove(lines.start(dash), column);
            int to = lines.behindInnerComments(lines.next(Math.max(dash + 1, item.end())), column);
            String said = text.substring(from, to);
            // What is named must stay above where it is repeated.
            if (said.contains("&") || said.contains("*")) {
                return Optional.empty();
            }
            moved.add(i);
            return Optional.of(said.stripTrailing().lines().toList());
        }
        return Optional.empty();
    }

    /** Where the dash of an item stands: the nearest before it that ends what its line says. */
    private int dash(YamlPart.Sequence list, YamlPart item) throws Unable {
        int at = item.start() - 1;
        while (at >= 0 && text.charAt(at) == ' ') {
            at--;
        }
        if (at >= 0 && text.charAt(at) == '-') {
            return at;
        }
        for (int line = lines.start(item.start()); line > 0; ) {
            line = lines.start(line - 1);
            String said = text.substring(line, lines.end(line));
            int hash = said.startsWith("#") ? 0 : said.indexOf(" #");
            String bare = (hash < 0 ? said : said.substring(0, hash)).stripTrailing();
            if (bare.endsWith("-")) {
                return line + bare.length() - 1;
            }
            if (!bare.isBlank()) {
                break;
            }
        }
        throw new Unable("no dash was found for an item of the list at " + list.start());
    }

    private boolean regular(YamlPart.Sequence list) throws Unable {
        for (YamlPart item : list.items()) {
            if (!lines.begins(dash(list, item))) {
                return false;
            }
        }
        return true;
    }

    // --- braces and brackets -----------------------------------------------------------------

    private void flowMembers(
            YamlPart.Mapping mapping,
            List<Boolean> kept,
            Map<Integer, List<String>> behind,
            ObjectNode wanted,
            boolean quoted) {
        List<int[]> spans = new ArrayList<>();
        for (YamlPart.Member member : mapping.members()) {
            spans.add(
                    new int[] {
                        member.key().start(), Math.max(member.key().end(), member.value().end())
                    });
        }
        int column = spread(text, mapping) ? lines.column(spans.getFirst()[0]) : -1;
        Map<Integer, List<String>> written = new TreeMap<>();
        behind.forEach((at, names) ->
                written.put(
                        at,
                        names.stream()
                                .map(name ->
                                        layout.flowMember(name, wanted.get(name), quoted, column))
                                .toList()));
        flow(spans, kept, written, column);
    }

    private void flowItems(
            YamlPart.Sequence list,
            List<Boolean> kept,
            Map<Integer, List<JsonNode>> behind,
            boolean quoted) {
        List<int[]> spans = new ArrayList<>();
        list.items().forEach(item -> spans.add(new int[] {item.start(), item.end()}));
        int column = spread(text, list) ? lines.column(spans.getFirst()[0]) : -1;
        boolean inQuotes =
                quoted
                        || list.items().stream()
                                .allMatch(item ->
                                        item instanceof YamlPart.Scalar s
                                                && s.style() == YamlPart.Style.DOUBLE_QUOTED);
        Map<Integer, List<String>> written = new TreeMap<>();
        behind.forEach((at, items) ->
                written.put(
                        at,
                        items.stream()
                                .map(item -> layout.flow("", item, inQuotes, column))
                                .toList()));
        flow(spans, kept, written, column);
    }

    /**
     * @param spans where each part begins and ends
     * @param column of the parts if each has a line of its own, else -1
     */
    private void flow(
            List<int[]> spans, List<Boolean> kept, Map<Integer, List<String>> behind, int column) {
        String separator = column < 0 ? ", " : ",\n" + " ".repeat(column);
        int last = kept.lastIndexOf(true);
        for (int i = 0; i < kept.size(); i++) {
            if (!kept.get(i) && i < last) {
                splice(spans.get(i)[0], spans.get(i + 1)[0], "");
            }
        }
        if (last < kept.size() - 1) {
            splice(spans.get(last)[1], spans.getLast()[1], "");
        }
        behind.forEach((at, parts) -> {
            if (at < 0) {
                int first = spans.get(kept.indexOf(true))[0];
                splice(first, first, String.join(separator, parts) + separator);
            } else {
                int end = spans.get(at)[1];
                splice(end, end, separator + String.join(separator, parts));
            }
        });
    }

    private static boolean quoted(YamlPart.Mapping mapping) {
        return !mapping.members().isEmpty()
                && mapping.members().stream()
                        .allMatch(member ->
                                member.key() instanceof YamlPart.Scalar s
                                        && s.style() == YamlPart.Style.DOUBLE_QUOTED);
    }

    /** Whether what braces or brackets hold stands on lines of its own. */
    private static boolean spread(String text, YamlPart part) {
        return switch (part) {
            case YamlPart.Mapping m when !m.members().isEmpty() ->
                    text.substring(m.start(), m.members().getFirst().key().start()).contains("\n");
            case YamlPart.Sequence s when !s.items().isEmpty() ->
                    text.substring(s.start(), s.items().getFirst().start()).contains("\n");
            case YamlPart.Mapping _, YamlPart.Sequence _, YamlPart.Scalar _, YamlPart.Alias _ ->
                    part.json().isEmpty() && text.contains("{\n");
        };
    }

    /** The column at which the line of a part begins. */
    private int indent(YamlPart part) {
        int at = lines.start(part.start());
        int column = 0;
        while (at + column < text.length() && text.charAt(at + column) == ' ') {
            column++;
        }
        return column;
    }
}
