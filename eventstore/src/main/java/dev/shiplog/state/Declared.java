package dev.shiplog.state;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.SourceName;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What Git declares of one resource: an entry of a source's inventory.
 *
 * @param source which source declares it
 * @param path the file that declares it
 * @param realized whether a live resource stands for this declaration; false while the declaration
 *     is deferred or after somebody deleted the live resource
 */
public record Declared(
        SourceName source,
        String path,
        String apiVersion,
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        List<OwnerReference> owners,
        List<String> finalizers,
        Json body,
        boolean realized) {
    public Declared {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
        owners = List.copyOf(owners);
        finalizers = List.copyOf(finalizers);
    }

    Declared withRealized(boolean value) {
        return new Declared(
                source, path, apiVersion, labels, annotations, owners, finalizers, body, value);
    }
}
