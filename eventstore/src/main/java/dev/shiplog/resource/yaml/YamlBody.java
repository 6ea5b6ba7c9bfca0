package dev.shiplog.resource.yaml;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** Reads a text that holds one document, under the limits that files of a source have. */
public final class YamlBody {
    private YamlBody() {}

    /**
     * The tree of the one document.
     *
     * @throws IllegalArgumentException if it is not text, not YAML, beyond a limit, or not one
     *     document; the message says where
     */
    public static JsonNode read(byte[] content) {
        return switch (SourceText.of(content)) {
            case SourceText.Unreadable(Trouble why) -> throw failure(List.of(why));
            case SourceText.Text(String text) -> read(text);
        };
    }

    private static JsonNode read(String text) {
        List<Trouble> troubles = new ArrayList<>();
        List<YamlDocument> documents = YamlDocuments.of(text, troubles::add);
        if (troubles.isEmpty() && documents.size() != 1) {
            throw new IllegalArgumentException("expected one document, found " + documents.size());
        }
        if (!troubles.isEmpty()) {
            throw failure(troubles);
        }
        TreeBuilder builder = new TreeBuilder(documents.getFirst());
        JsonNode tree = builder.build();
        if (!builder.problems().isEmpty()) {
            throw failure(builder.problems());
        }
        return tree;
    }

    private static IllegalArgumentException failure(List<Trouble> troubles) {
        Trouble first = troubles.getFirst();
        return new IllegalArgumentException(
                "line %d, column %d: %s"
                        .formatted(first.place().line(), first.place().column(), first.message()));
    }
}
