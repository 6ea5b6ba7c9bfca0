package dev.shiplog.resource.schema;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The way from the root of a document to one of its values. Immutable; written as Kubernetes writes
 * it: {@code spec.containers[0].image}.
 */
public final class FieldPath {
    /** The document itself. */
    public static final FieldPath ROOT = new FieldPath(null, "", -1);

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

    private final @Nullable FieldPath parent;
    private final String name;
    private final int index;

    private FieldPath(@Nullable FieldPath parent, String name, int index) {
        this.parent = parent;
        this.name = name;
        this.index = index;
    }

    /** A path given as names, such as {@code of("spec", "template")}. */
    public static FieldPath of(String... names) {
        return ROOT.child(names);
    }

    /** The member of that name; several names go down several levels. */
    public FieldPath child(String... names) {
        FieldPath path = this;
        for (String step : names) {
            path = new FieldPath(path, step, -1);
        }
        return path;
    }

    /** The item at {@code position}, from 0. */
    public FieldPath item(int position) {
        return new FieldPath(this, "", position);
    }

    public boolean isRoot() {
        return parent == null;
    }

    /** The steps from the root: an {@link Integer} for an item, a {@link String} for a member. */
    public List<Object> steps() {
        Deque<Object> steps = new ArrayDeque<>();
        for (FieldPath path = this; path != null && path.parent != null; path = path.parent) {
            steps.addFirst(path.index >= 0 ? path.index : path.name);
        }
        return List.copyOf(steps);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Object step : steps()) {
            if (step instanceof String member && PLAIN.matcher(member).matches()) {
                text.append(text.isEmpty() ? "" : ".").append(member);
            } else {
                text.append('[').append(step).append(']');
            }
        }
        return text.toString();
    }
}
