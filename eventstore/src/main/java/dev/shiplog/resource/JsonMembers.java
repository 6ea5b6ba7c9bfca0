package dev.shiplog.resource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The members of one object of canonical JSON, found by one scan over the bytes and decoded when
 * asked for. No tree is built; a fragment is a slice of the bytes.
 *
 * <p>Reads what {@link JsonWriter} and {@link Json} write, nothing more lenient: every deviation is
 * an {@link IllegalArgumentException} that names the byte.
 */
public final class JsonMembers {
    /** Per member: where its name and its value begin and end, the quotes of a name left out. */
    private static final int SPAN = 4;

    private final JsonScanner scanner;
    private int[] spans = new int[SPAN * 10];
    private int count;

    private JsonMembers(JsonScanner scanner, int start) {
        this.scanner = scanner;
        int at = scanner.expect(start, '{');
        if (scanner.is(at, '}')) {
            return;
        }
        while (true) {
            int nameEnd = scanner.skip(at);
            int valueStart = scanner.expect(nameEnd, ':');
            int valueEnd = scanner.skip(valueStart);
            add(at + 1, nameEnd - 1, valueStart, valueEnd);
            if (scanner.is(valueEnd, '}')) {
                return;
            }
            at = scanner.expect(valueEnd, ',');
        }
    }

    /** The members of the object that these bytes hold. The array is kept: never write to it. */
    public static JsonMembers of(byte[] bytes) {
        return new JsonMembers(new JsonScanner(bytes), 0);
    }

    public boolean has(String name) {
        return find(name) >= 0;
    }

    public String text(String name) {
        return scanner.text(start(name));
    }

    public long number(String name) {
        return scanner.number(start(name));
    }

    public boolean flag(String name) {
        int at = start(name);
        if (!scanner.is(at, 't') && !scanner.is(at, 'f')) {
            throw scanner.unexpected(at, "true or false");
        }
        return scanner.is(at, 't');
    }

    /** A fragment, as it stands. */
    public Json json(String name) {
        int span = required(name);
        return Json.canonical(
                Arrays.copyOfRange(scanner.bytes(), spans[span + 2], spans[span + 3]));
    }

    public JsonMembers members(String name) {
        return new JsonMembers(scanner, start(name));
    }

    /** A list of objects. */
    public List<JsonMembers> list(String name) {
        List<JsonMembers> result = new ArrayList<>();
        for (int at : scanner.elements(start(name))) {
            result.add(new JsonMembers(scanner, at));
        }
        return result;
    }

    /** A list of texts. */
    public List<String> texts(String name) {
        List<String> result = new ArrayList<>();
        for (int at : scanner.elements(start(name))) {
            result.add(scanner.text(at));
        }
        return result;
    }

    /** An object whose values are texts, such as labels. */
    public SortedMap<String, String> textMap(String name) {
        JsonMembers map = members(name);
        if (map.count == 0) {
            return Collections.emptySortedMap();
        }
        SortedMap<String, String> result = new TreeMap<>();
        for (int span = 0; span < SPAN * map.count; span += SPAN) {
            result.put(map.nameAt(span), scanner.text(map.spans[span + 2]));
        }
        return result;
    }

    /** An object whose values are numbers. */
    public SortedMap<String, Integer> numberMap(String name) {
        JsonMembers map = members(name);
        SortedMap<String, Integer> result = new TreeMap<>();
        for (int span = 0; span < SPAN * map.count; span += SPAN) {
            result.put(map.nameAt(span), Math.toIntExact(scanner.number(map.spans[span + 2])));
        }
        return result;
    }

    private String nameAt(int span) {
        return scanner.text(spans[span] - 1);
    }

    private int start(String name) {
        return spans[required(name) + 2];
    }

    private int required(String name) {
        int span = find(name);
        if (span < 0) {
            throw new IllegalArgumentException(
                    "expected a member \""
                            + name
                            + "\", found "
                            + new String(scanner.bytes(), StandardCharsets.UTF_8));
        }
        return span;
    }

    private int find(String name) {
        for (int span = 0; span < SPAN * count; span += SPAN) {
            if (scanner.matches(spans[span], spans[span + 1], name)) {
                return span;
            }
        }
        return -1;
    }

    private void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int span = SPAN * count++;
        if (span == spans.length) {
            spans = Arrays.copyOf(spans, 2 * spans.length);
        }
        spans[span] = nameStart;
        spans[span + 1] = nameEnd;
        spans[span + 2] = valueStart;
        spans[span + 3] = valueEnd;
    }
}
