package dev.shiplog.resource.schema;

import com.fasterxml.jackson.databind.node.TextNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table of {@link FieldFacts}, read once from {@link FactsTable}. */
final class Facts {
    private static final Facts TABLE = read();

    private final Map<String, FieldFacts> fields = new HashMap<>();
    private final Map<String, List<String>> required = new HashMap<>();

    private Facts() {}

    /** What is said of a field of a type. */
    static FieldFacts of(TypeName type, String field) {
        return find(type + "." + field)
                .or(() -> find(type.name() + "." + field))
                .orElse(FieldFacts.PLAIN);
    }

    /** Whether values of a type are replaced as a whole, wherever they stand. */
    static boolean isAtomic(TypeName type) {
        return find(type.toString())
                .or(() -> find(type.name()))
                .map(FieldFacts::atomic)
                .orElse(false);
    }

    /** The fields that a value of a type must have, sorted. */
    static List<String> required(TypeName type) {
        List<String> own = TABLE.required.get(type.toString());
        return own != null ? own : TABLE.required.getOrDefault(type.name(), List.of());
    }

    static List<FieldFacts.Key> keys(String list) {
        List<FieldFacts.Key> keys = new ArrayList<>();
        for (String key : list.split(",", -1)) {
            int equals = key.indexOf('=');
            keys.add(
                    equals < 0
                            ? new FieldFacts.Key(key, Optional.empty())
                            : new FieldFacts.Key(
                                    key.substring(0, equals),
                                    Optional.of(TextNode.valueOf(key.substring(equals + 1)))));
        }
        return keys;
    }

    private static Optional<FieldFacts> find(String path) {
        return Optional.ofNullable(TABLE.fields.get(path));
    }

    private static Facts read() {
        Facts facts = new Facts();
        FactsTable.TEXT.lines().forEach(facts::line);
        return facts;
    }

    private void line(String line) {
        List<String> words = List.of(line.split(" ", -1));
        List<String> rest = words.subList(1, words.size());
        if (rest.getFirst().equals("!")) {
            List<String> all = new ArrayList<>(required.getOrDefault(words.getFirst(), List.of()));
            all.addAll(rest.subList(1, rest.size()));
            required.put(words.getFirst(), all.stream().sorted().toList());
            return;
        }
        FieldFacts known = FieldFacts.PLAIN;
        for (String fact : rest) {
            known = known.with(fact);
        }
        fields.put(words.getFirst(), known);
    }
}
