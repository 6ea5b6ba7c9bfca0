package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.Schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A set of paths into a document. Immutable. Written as FieldsV1: a member without more below it is
 * {@code {}}; one with more below has a {@code "."} beside it.
 *
 * @param members the paths that end here, by their last step
 * @param children the longer paths, by their next step; none is empty
 */
record FieldSet(SortedSet<PathElement> members, SortedMap<PathElement, FieldSet> children) {
    static final FieldSet EMPTY =
            new FieldSet(Collections.emptySortedSet(), Collections.emptySortedMap());

    private static final String SELF = ".";

    FieldSet {
        members = Collections.unmodifiableSortedSet(members);
        children = Collections.unmodifiableSortedMap(children);
    }

    /** The set of some paths of plain members, each given as names with dots in between. */
    static FieldSet ofFields(String... paths) {
        Builder builder = new Builder();
        for (String path : paths) {
            List<PathElement> steps = new ArrayList<>();
            for (String name : path.split("\\.", -1)) {
                steps.add(PathElement.field(name));
            }
            builder.add(steps);
        }
        return builder.build();
    }

    /**
     * Reads FieldsV1.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static FieldSet parse(JsonNode fields) {
        SortedSet<PathElement> members = new TreeSet<>();
        SortedMap<PathElement, FieldSet> children = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : fields.properties()) {
            if (entry.getKey().equals(SELF)) {
                continue;
            }
            PathElement element = PathElement.parse(entry.getKey());
            JsonNode below = entry.getValue();
            if (below.isEmpty() || below.has(SELF)) {
                members.add(element);
            }
            FieldSet child = parse(below);
            if (!child.isEmpty()) {
                children.put(element, child);
            }
        }
        return new FieldSet(members, children);
    }

    /** As FieldsV1. */
    ObjectNode toJson() {
        SortedSet<PathElement> elements = new TreeSet<>(members);
        elements.addAll(children.keySet());
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        for (PathElement element : elements) {
            FieldSet child = children.get(element);
            ObjectNode below =
                    child == null ? JsonNodeFactory.instance.objectNode() : child.toJson();
            if (child != null && members.contains(element)) {
                below.putObject(SELF);
            }
            fields.set(element.text(), below);
        }
        return fields;
    }

    boolean isEmpty() {
        return members.isEmpty() && children.isEmpty();
    }

    boolean has(PathElement element) {
        return members.contains(element);
    }

    /** Whether the very path is in the set. */
    boolean has(List<PathElement> path) {
        FieldSet set = this;
        for (PathElement step : path.subList(0, path.size() - 1)) {
            set = set.below(step);
        }
        return set.has(path.getLast());
    }

    /** The paths that begin with a step, without it. */
    FieldSet below(PathElement element) {
        return children.getOrDefault(element, EMPTY);
    }

    FieldSet union(FieldSet other) {
        if (other.isEmpty()) {
            return this;
        }
        SortedSet<PathElement> all = new TreeSet<>(members);
        all.addAll(other.members);
        SortedMap<PathElement, FieldSet> below = new TreeMap<>(children);
        other.children.forEach((step, set) -> below.merge(step, set, FieldSet::union));
        return new FieldSet(all, below);
    }

    FieldSet intersection(FieldSet other) {
        SortedSet<PathElement> both = new TreeSet<>(members);
        both.retainAll(other.members);
        SortedMap<PathElement, FieldSet> below = new TreeMap<>();
        children.forEach((step, set) -> put(below, step, set.intersection(other.below(step))));
        return new FieldSet(both, below);
    }

    /** Without the very paths of another set; longer ones stay. */
    FieldSet minus(FieldSet other) {
        SortedSet<PathElement> rest = new TreeSet<>(members);
        rest.removeAll(other.members);
        SortedMap<PathElement, FieldSet> below = new TreeMap<>();
        children.forEach((step, set) -> put(below, step, set.minus(other.below(step))));
        return new FieldSet(rest, below);
    }

    /** Without members of the document of these names and everything below them. */
    FieldSet without(Set<String> names) {
        SortedSet<PathElement> rest = new TreeSet<>(members);
        rest.removeIf(step -> step.isField() && names.contains(step.name()));
        SortedMap<PathElement, FieldSet> below = new TreeMap<>(children);
        below.keySet().removeIf(step -> step.isField() && names.contains(step.name()));
        return new FieldSet(rest, below);
    }

    /**
     * With the members on the way to its paths whose names Kubernetes chose: who has {@code
     * spec.replicas} holds on to {@code spec}.
     */
    FieldSet withNamedFields(Schema schema) {
        SortedSet<PathElement> all = new TreeSet<>(members);
        SortedMap<PathElement, FieldSet> below = new TreeMap<>();
        children.forEach((step, set) -> {
            boolean named =
                    step.isField() && schema.hasNamedFields() && schema.declares(step.name());
            if (named) {
                all.add(step);
            }
            below.put(
                    step,
                    set.withNamedFields(
                            step.isField() ? schema.field(step.name()) : schema.item()));
        });
        return new FieldSet(all, below);
    }

    /** Every path, in order. */
    List<List<PathElement>> paths() {
        List<List<PathElement>> paths = new ArrayList<>();
        collect(List.of(), paths);
        return paths;
    }

    private void collect(List<PathElement> prefix, List<List<PathElement>> paths) {
        SortedSet<PathElement> elements = new TreeSet<>(members);
        elements.addAll(children.keySet());
        for (PathElement element : elements) {
            List<PathElement> path = new ArrayList<>(prefix);
            path.add(element);
            if (members.contains(element)) {
                paths.add(List.copyOf(path));
            }
            below(element).collect(path, paths);
        }
    }

    private static void put(
            SortedMap<PathElement, FieldSet> children, PathElement step, FieldSet set) {
        if (!set.isEmpty()) {
            children.put(step, set);
        }
    }

    /** Collects paths. */
    static final class Builder {
        private final SortedSet<PathElement> members = new TreeSet<>();
        private final SortedMap<PathElement, Builder> children = new TreeMap<>();

        /** Adds a path; nothing if it is the document itself. */
        void add(List<PathElement> path) {
            if (path.isEmpty()) {
                return;
            }
            if (path.size() == 1) {
                members.add(path.getFirst());
            } else {
                children.computeIfAbsent(path.getFirst(), _ -> new Builder())
                        .add(path.subList(1, path.size()));
            }
        }

        FieldSet build() {
            SortedMap<PathElement, FieldSet> below = new TreeMap<>();
            children.forEach((step, builder) -> below.put(step, builder.build()));
            return new FieldSet(members, below);
        }
    }
}
