package dev.shiplog.journal.axon;

import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;

import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.EventCriterion;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Axon's criteria in the terms of our log, which knows "any of these tags". */
final class Criteria {
    private Criteria() {}

    /** Criteria for events with any of the tags. */
    static EventCriteria havingAnyOf(List<Tag> tags) {
        if (tags.size() == 1) {
            return EventCriteria.havingTags(axon(tags.getFirst()));
        }
        return EventCriteria.either(
                tags.stream()
                        .map(tag -> (EventCriteria) EventCriteria.havingTags(axon(tag)))
                        .toList());
    }

    /**
     * Tags of which every matching event has at least one; empty if events without a particular tag
     * match too. Where a criterion asks for several tags together, one of them stands for all: the
     * answer is wider than the question, and the reader filters.
     */
    static Optional<List<Tag>> anyOf(EventCriteria criteria) {
        if (!criteria.hasCriteria()) {
            return Optional.empty();
        }
        List<Tag> tags = new ArrayList<>();
        for (EventCriterion criterion : criteria.flatten()) {
            if (criterion.tags().isEmpty()) {
                return Optional.empty();
            }
            tags.add(first(criterion));
        }
        return Optional.of(List.copyOf(tags.size() == 1 ? tags : new TreeSet<>(tags)));
    }

    private static Tag first(EventCriterion criterion) {
        Iterator<org.axonframework.messaging.eventstreaming.Tag> tags = criterion.tags().iterator();
        Tag first = ours(tags.next());
        while (tags.hasNext()) {
            Tag next = ours(tags.next());
            first = next.compareTo(first) < 0 ? next : first;
        }
        return first;
    }

    /**
     * An append condition at least as strict as Axon's: it may reject an append that several tags
     * together would have let through, which costs a retry, never the reverse.
     */
    static AppendCondition appendCondition(
            org.axonframework.eventsourcing.eventstore.AppendCondition condition) {
        if (condition.consistencyMarker().equals(ConsistencyMarker.INFINITY)
                || !condition.criteria().hasCriteria()) {
            return AppendCondition.none();
        }
        long marker = GlobalIndexConsistencyMarker.position(condition.consistencyMarker());
        List<Tag> tags =
                anyOf(condition.criteria())
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "expected an append condition on tags, found "
                                                + condition.criteria()));
        return new AppendCondition(new Position(Math.max(0, marker)), tags);
    }

    static org.axonframework.messaging.eventstreaming.Tag axon(Tag tag) {
        return new org.axonframework.messaging.eventstreaming.Tag(tag.name(), tag.value());
    }

    static Tag ours(org.axonframework.messaging.eventstreaming.Tag tag) {
        return new Tag(tag.key(), tag.value());
    }
}
