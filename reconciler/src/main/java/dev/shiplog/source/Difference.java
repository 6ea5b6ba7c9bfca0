package dev.shiplog.source;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.yaml.Manifests.Problem;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.Declared;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a commit declares differently from the applied one: a difference of sets of objects, not of
 * files. An object that moves to another file is neither new nor gone.
 *
 * <p>Invariants: an object is declared at most once; an object is withdrawn only if this source's
 * inventory holds it and names one of the compared files for it.
 *
 * @param declared what the compared files declare now: namespaces first, then in the order of files
 * @param withdrawn what they declared before and do not now, in key order
 * @param problems objects declared twice, with both places
 */
record Difference(
        List<DeclaredResource> declared, List<ResourceKey> withdrawn, List<Problem> problems) {
    Difference {
        declared = List.copyOf(declared);
        withdrawn = List.copyOf(withdrawn);
        problems = List.copyOf(problems);
    }

    /**
     * The files that are compared.
     *
     * @param paths the changed files; empty means every file of the source
     */
    record Scope(Optional<Set<String>> paths) {
        static final Scope EVERYTHING = new Scope(Optional.empty());

        boolean includes(String path) {
            return paths.isEmpty() || paths.get().contains(path);
        }
    }

    /** Finds what a file outside of the scope declares, for its line. */
    @FunctionalInterface
    interface Elsewhere {
        List<DeclaredResource> declaredBy(String path);
    }

    /**
     * @param before candidates for withdrawal: what the compared files declared in the applied
     *     commit
     * @param now what they declare in the new one
     */
    static Difference of(
            ClusterState state,
            SourceName source,
            Scope scope,
            Collection<ResourceKey> before,
            List<DeclaredResource> now,
            Elsewhere elsewhere) {
        List<Problem> problems = new ArrayList<>();
        Map<ResourceKey, DeclaredResource> first = new TreeMap<>();
        for (DeclaredResource d : now) {
            DeclaredResource other = first.putIfAbsent(d.key(), d);
            if (other != null) {
                problems.add(twice(d, other.path() + ":" + other.line()));
                continue;
            }
            inventory(state, source, d.key())
                    .filter(entry -> !scope.includes(entry.path()))
                    .map(entry -> twice(d, place(entry.path(), d.key(), elsewhere)))
                    .ifPresent(problems::add);
        }
        Set<ResourceKey> withdrawn = new TreeSet<>();
        for (ResourceKey key : before) {
            if (!first.containsKey(key)
                    && inventory(state, source, key)
                            .filter(entry -> scope.includes(entry.path()))
                            .isPresent()) {
                withdrawn.add(key);
            }
        }
        return new Difference(namespacesFirst(first.values()), List.copyOf(withdrawn), problems);
    }

    private static Optional<Declared> inventory(
            ClusterState state, SourceName source, ResourceKey key) {
        return state.declared(key).filter(entry -> entry.source().equals(source));
    }

    private static List<DeclaredResource> namespacesFirst(Collection<DeclaredResource> declared) {
        return declared.stream()
                .sorted(
                        Comparator.comparing((DeclaredResource d) ->
                                        !d.key().kind().equals(GroupKind.NAMESPACE))
                                .thenComparing(DeclaredResource::path)
                                .thenComparingInt(DeclaredResource::line)
                                .thenComparing(DeclaredResource::key))
                .toList();
    }

    private static String place(String path, ResourceKey key, Elsewhere elsewhere) {
        return elsewhere.declaredBy(path).stream()
                .filter(d -> d.key().equals(key))
                .map(d -> path + ":" + d.line())
                .findFirst()
                .orElse(path);
    }

    private static Problem twice(DeclaredResource d, String otherPlace) {
        return new Problem(
                d.path(),
                d.line(),
                1,
                d.key() + " is declared by " + otherPlace + " too; keep one of the two");
    }
}
