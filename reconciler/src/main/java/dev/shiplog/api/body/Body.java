package dev.shiplog.api.body;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * One decoded body.
 *
 * @param document fresh: whoever reads it may change it
 * @param duplicates the paths of members that stood there more than once; the last one counts
 */
public record Body(ObjectNode document, List<String> duplicates) {
    public Body {
        duplicates = List.copyOf(duplicates);
    }
}
