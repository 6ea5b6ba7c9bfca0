package dev.shiplog.resource.yaml;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/**
 * One document of a file, parsed and not yet understood.
 *
 * @param root its content
 * @param linesBefore how many lines of the file come before the text that the marks count from
 * @param confidential whether it may hold a Secret, so that nothing of it may be repeated
 */
record YamlDocument(Node root, int linesBefore, boolean confidential) {
    Place place(Mark mark) {
        return new Place(linesBefore + mark.getLine() + 1, mark.getColumn() + 1);
    }

    Place start() {
        return place(root.getStartMark());
    }
}
