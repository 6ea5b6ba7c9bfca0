package dev.shiplog.resource.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * A value in a YAML text, and where it stands: for those who change the text and not the value.
 *
 * <p>Invariant: {@code text.substring(start(), end())} is the part, from its anchor or tag if it
 * has one, without the line break and the comment behind it. A collection in block style ends with
 * the last thing in it. A value that is not written has no length.
 */
public sealed interface YamlPart {
    /** Offset in the text, in characters. */
    int start();

    int end();

    /** The name by which aliases repeat this part. */
    Optional<String> anchor();

    /** What it means: aliases expanded, {@code <<} merged. A fresh tree each time. */
    JsonNode json();

    /** How a scalar is written. */
    enum Style {
        PLAIN,
        SINGLE_QUOTED,
        DOUBLE_QUOTED,
        LITERAL,
        FOLDED
    }

    /**
     * A word, number or text.
     *
     * @param content where it begins behind its anchor and its tag
     * @param tagged whether the author wrote a tag
     */
    record Scalar(
            int start,
            int end,
            Optional<String> anchor,
            int content,
            boolean tagged,
            Style style,
            JsonNode value)
            implements YamlPart {
        @Override
        public JsonNode json() {
            return value;
        }
    }

    /**
     * A mapping.
     *
     * @param flow whether it is written in braces
     */
    record Mapping(int start, int end, Optional<String> anchor, boolean flow, List<Member> members)
            implements YamlPart {
        public Mapping {
            members = List.copyOf(members);
        }

        @Override
        public JsonNode json() {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (Member member : members) {
                if (!member.merge()) {
                    object.set(member.name(), member.value().json());
                }
            }
            for (Member member : members) {
                if (member.merge()) {
                    merge(object, member.value());
                }
            }
            return object;
        }

        private static void merge(ObjectNode object, YamlPart source) {
            switch (source) {
                case Alias alias -> merge(object, alias.target());
                case Sequence list -> list.items().forEach(item -> merge(object, item));
                case Mapping mapping ->
                        mapping.json()
                                .properties()
                                .forEach(member -> {
                                    if (!object.has(member.getKey())) {
                                        object.set(member.getKey(), member.getValue());
                                    }
                                });
                case Scalar _ -> {}
            }
        }
    }

    /**
     * A member of a mapping.
     *
     * @param name as it is in JSON
     * @param merge whether it is {@code <<}, which names no member
     */
    record Member(YamlPart key, String name, boolean merge, YamlPart value) {}

    /**
     * A list.
     *
     * @param flow whether it is written in brackets
     */
    record Sequence(int start, int end, Optional<String> anchor, boolean flow, List<YamlPart> items)
            implements YamlPart {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public JsonNode json() {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(items.size());
            items.forEach(item -> array.add(item.json()));
            return array;
        }
    }

    /** A repetition of a part that stands before. */
    record Alias(int start, int end, YamlPart target) implements YamlPart {
        @Override
        public Optional<String> anchor() {
            return Optional.empty();
        }

        @Override
        public JsonNode json() {
            return target.json();
        }
    }
}
