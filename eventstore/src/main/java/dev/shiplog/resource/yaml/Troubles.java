package dev.shiplog.resource.yaml;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Collects troubles up to a limit, and counts the rest: a file can be wrong in every one of its
 * characters, and nobody reads that.
 */
final class Troubles {
    private static final Comparator<Trouble> BY_PLACE =
            Comparator.comparing(
                    Trouble::place,
                    Comparator.comparingInt(Place::line).thenComparingInt(Place::column));

    private final List<Trouble> kept = new ArrayList<>();
    private Optional<Trouble> firstHidden = Optional.empty();
    private int hidden;

    void add(Trouble trouble) {
        if (kept.size() < Manifests.MAX_REPORTED - 1) {
            kept.add(trouble);
        } else {
            firstHidden = firstHidden.or(() -> Optional.of(trouble));
            hidden++;
        }
    }

    void addAll(Collection<Trouble> troubles) {
        troubles.forEach(this::add);
    }

    boolean isEmpty() {
        return kept.isEmpty();
    }

    /** In the order of the file; what is too much is a count at the end. */
    List<Trouble> list() {
        List<Trouble> list = new ArrayList<>(kept);
        list.sort(BY_PLACE);
        firstHidden.ifPresent(first ->
                list.add(
                        hidden == 1
                                ? first
                                : new Trouble(
                                        first.place(),
                                        "and %d more from here on".formatted(hidden))));
        return list;
    }
}
