package dev.shiplog.resource;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What every resource says of itself beside its name.
 *
 * @param uid identity of this life
 * @param generation counts the changes of the desired state, from 1
 * @param created when this life began
 * @param labels what selectors match on
 * @param annotations what selectors do not match on
 * @param owners whom it lives and dies with
 * @param finalizers who must let go before it is removed
 * @param deletion present once its deletion has been asked for
 * @param generateName what its name was made from; empty if somebody chose it
 * @param managedFields who set which field: the list of {@code metadata.managedFields}; {@code {}}
 *     while nobody keeps account
 */
public record Metadata(
        Uid uid,
        long generation,
        Instant created,
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        List<OwnerReference> owners,
        List<String> finalizers,
        Optional<Deletion> deletion,
        String generateName,
        Json managedFields) {

    /** Of a name that somebody chose, without an account of fields. */
    public Metadata(
            Uid uid,
            long generation,
            Instant created,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            List<OwnerReference> owners,
            List<String> finalizers,
            Optional<Deletion> deletion) {
        this(
                uid,
                generation,
                created,
                labels,
                annotations,
                owners,
                finalizers,
                deletion,
                "",
                Json.EMPTY);
    }

    public Metadata {
        labels = copy(labels);
        annotations = copy(annotations);
        owners = List.copyOf(owners);
        finalizers = List.copyOf(finalizers);
    }

    /** The owner that manages this resource, if one does. */
    public Optional<OwnerReference> controller() {
        return owners.stream().filter(OwnerReference::controller).findFirst();
    }

    public boolean deleting() {
        return deletion.isPresent();
    }

    public Metadata withGeneration(long value) {
        return new Metadata(
                uid,
                value,
                created,
                labels,
                annotations,
                owners,
                finalizers,
                deletion,
                generateName,
                managedFields);
    }

    public Metadata withLabels(SortedMap<String, String> value) {
        return new Metadata(
                uid,
                generation,
                created,
                value,
                annotations,
                owners,
                finalizers,
                deletion,
                generateName,
                managedFields);
    }

    public Metadata withAnnotations(SortedMap<String, String> value) {
        return new Metadata(
                uid,
                generation,
                created,
                labels,
                value,
                owners,
                finalizers,
                deletion,
                generateName,
                managedFields);
    }

    public Metadata withOwners(List<OwnerReference> value) {
        return new Metadata(
                uid,
                generation,
                created,
                labels,
                annotations,
                value,
                finalizers,
                deletion,
                generateName,
                managedFields);
    }

    public Metadata withFinalizers(List<String> value) {
        return new Metadata(
                uid,
                generation,
                created,
                labels,
                annotations,
                owners,
                value,
                deletion,
                generateName,
                managedFields);
    }

    public Metadata withDeletion(Deletion value) {
        return new Metadata(
                uid,
                generation,
                created,
                labels,
                annotations,
                owners,
                finalizers,
                Optional.of(value),
                generateName,
                managedFields);
    }

    public Metadata withGenerateName(String value) {
        return new Metadata(
                uid,
                generation,
                created,
                labels,
                annotations,
                owners,
                finalizers,
                deletion,
                value,
                managedFields);
    }

    public Metadata withManagedFields(Json value) {
        return new Metadata(
                uid,
                generation,
                created,
                labels,
                annotations,
                owners,
                finalizers,
                deletion,
                generateName,
                value);
    }

    private static SortedMap<String, String> copy(SortedMap<String, String> map) {
        return map.isEmpty()
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
