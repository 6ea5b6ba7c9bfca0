package dev.shiplog.command;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.ResourceKey;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A resource as Git declares it: decoded, validated, converted to its storage version, defaulted.
 *
 * @param path the file that declares it, from the root of the repository
 * @param line the line on which its document begins, from 1
 * @param body every top-level member beside apiVersion, kind, metadata and status
 */
public record DeclaredResource(
        String path,
        int line,
        ResourceKey key,
        String apiVersion,
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        List<OwnerReference> owners,
        List<String> finalizers,
        Json body) {
    /** One that nobody owns and no finalizer holds. */
    public DeclaredResource(
            String path,
            int line,
            ResourceKey key,
            String apiVersion,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            Json body) {
        this(path, line, key, apiVersion, labels, annotations, List.of(), List.of(), body);
    }

    public DeclaredResource {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
        owners = List.copyOf(owners);
        finalizers = List.copyOf(finalizers);
    }
}
