package dev.shiplog.decide;

import dev.shiplog.event.ResourceEvent.MetadataChanged;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Resource;

import java.util.List;
import java.util.SortedMap;

/** The event that gives a resource other metadata, made from what it has now. */
record MetadataChange(
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        List<OwnerReference> owners,
        List<String> finalizers,
        Json managedFields) {
    static MetadataChange of(Resource resource) {
        return new MetadataChange(
                resource.metadata().labels(),
                resource.metadata().annotations(),
                resource.metadata().owners(),
                resource.metadata().finalizers(),
                resource.metadata().managedFields());
    }

    MetadataChange annotations(SortedMap<String, String> value) {
        return new MetadataChange(labels, value, owners, finalizers, managedFields);
    }

    MetadataChange owners(List<OwnerReference> value) {
        return new MetadataChange(labels, annotations, value, finalizers, managedFields);
    }

    MetadataChange finalizers(List<String> value) {
        return new MetadataChange(labels, annotations, owners, value, managedFields);
    }

    MetadataChange managedFields(Json value) {
        return new MetadataChange(labels, annotations, owners, finalizers, value);
    }

    /** Whether the resource has all of that. */
    boolean holdsFor(Resource resource) {
        return equals(of(resource));
    }

    MetadataChanged event(Resource resource) {
        return new MetadataChanged(
                resource.key(),
                resource.uid(),
                labels,
                annotations,
                owners,
                finalizers,
                managedFields);
    }
}
