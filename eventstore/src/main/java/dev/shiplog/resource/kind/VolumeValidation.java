package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.Set;
import java.util.TreeSet;

/** Validates the volumes of a pod and the mounts of its containers. */
final class VolumeValidation {
    private VolumeValidation() {}

    /** Validates the volumes, and gives their names. */
    static Set<String> validate(JsonNode volumes, FieldPath spec, Findings findings) {
        FieldPath path = spec.child("volumes");
        Set<String> names = new TreeSet<>();
        Check.uniqueNames(volumes, path, names, findings);
        for (int i = 0; i < volumes.size(); i++) {
            Check.requiredText(volumes.get(i), "name", path.item(i), Names::label, findings);
            int sources = volumes.get(i).size() - (volumes.get(i).has("name") ? 1 : 0);
            if (sources > 1) {
                findings.forbidden(path.item(i), "may not specify more than 1 volume type");
            }
        }
        return names;
    }

    static void mounts(JsonNode mounts, FieldPath path, Set<String> volumes, Findings findings) {
        Set<String> places = new TreeSet<>();
        for (int i = 0; i < mounts.size(); i++) {
            FieldPath at = path.item(i);
            String name = mounts.get(i).path("name").asText();
            if (name.isEmpty()) {
                findings.required(at.child("name"), "");
            } else if (!volumes.contains(name)) {
                findings.error(at.child("name"), "Not found: \"" + name + "\"");
            }
            String place = mounts.get(i).path("mountPath").asText();
            if (place.isEmpty()) {
                findings.required(at.child("mountPath"), "");
            } else if (!places.add(place)) {
                findings.invalid(at.child("mountPath"), Check.quoted(place), "must be unique");
            }
        }
    }
}
