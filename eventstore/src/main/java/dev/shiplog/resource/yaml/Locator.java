package dev.shiplog.resource.yaml;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Finding;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Finds where in the file a path of a document stands. It costs nothing until something is wrong.
 */
final class Locator {
    private final YamlDocument document;
    private final Node root;

    /**
     * @param root where the paths begin: the root of the document or an item of a List in it
     */
    Locator(YamlDocument document, Node root) {
        this.document = document;
        this.root = root;
    }

    Place start() {
        return document.place(root.getStartMark());
    }

    /** The place of a finding; of the nearest thing around it if it is not in the file. */
    Place place(Finding finding) {
        FieldPath path = finding.path();
        Node value = root;
        Node best = root;
        for (Object step : path.steps()) {
            Step next = step(value, step);
            if (next == null) {
                return document.place(best.getStartMark());
            }
            value = next.value();
            best = finding.atKey() || !isShort(value) ? next.sign() : value;
        }
        return document.place(best.getStartMark());
    }

    private record Step(Node sign, Node value) {}

    private static @Nullable Step step(Node from, Object step) {
        return switch (from) {
            case MappingNode mapping when step instanceof String name -> member(mapping, name, 0);
            case SequenceNode sequence when step instanceof Integer index ->
                    index < sequence.getValue().size()
                            ? item(sequence.getValue().get(index))
                            : null;
            default -> null;
        };
    }

    private static Step item(Node item) {
        return new Step(item, item);
    }

    private static @Nullable Step member(MappingNode mapping, String name, int depth) {
        Step merged = null;
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                if (!key.getTag().equals(Tag.MERGE)) {
                    if (TreeBuilder.text(key).equals(name)) {
                        return new Step(key, tuple.getValueNode());
                    }
                } else if (depth < YamlDocuments.MAX_DEPTH
                        && tuple.getValueNode() instanceof MappingNode source) {
                    merged = member(source, name, depth + 1);
                }
            }
        }
        return merged;
    }

    /** Whether a value stands on the line of its name, so that its own place is the best one. */
    private static boolean isShort(Node value) {
        return switch (value) {
            case ScalarNode scalar -> !scalar.getValue().isEmpty() || !scalar.isPlain();
            case CollectionNode<?> collection -> collection.getFlowStyle() == FlowStyle.FLOW;
            default -> false;
        };
    }
}
