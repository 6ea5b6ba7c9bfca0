package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Validates the volumes of a pod and the mounts of its containers, in Kubernetes' words. */
final class VolumeValidation {
    private static final int MOST_MODE = 0777;
    private static final int LEAST_TOKEN_SECONDS = 600;
    private static final long MOST_TOKEN_SECONDS = 1L << 32;
    private static final String MODES =
            "must be a number between 0 and 0777 (octal), both inclusive";
    private static final String NO_DOTS = "must not contain '..'";

    private static final List<String> HOST_PATH_TYPES =
            List.of(
                    "BlockDevice",
                    "CharDevice",
                    "Directory",
                    "DirectoryOrCreate",
                    "File",
                    "FileOrCreate",
                    "Socket");

    private final Findings findings;

    private VolumeValidation(Findings findings) {
        this.findings = findings;
    }

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
            new VolumeValidation(findings).source(volumes.get(i), path.item(i));
        }
        return names;
    }

    private void source(JsonNode volume, FieldPath path) {
        JsonNode empty = volume.path("emptyDir");
        if (empty.path("sizeLimit").asText().startsWith("-")) {
            findings.forbidden(
                    path.child("emptyDir").child("sizeLimit"),
                    "SizeLimit field must be a valid resource quantity");
        }
        if (volume.has("hostPath")) {
            hostPath(volume.path("hostPath"), path.child("hostPath"));
        }
        if (volume.has("secret")) {
            FieldPath at = path.child("secret");
            if (volume.path("secret").path("secretName").asText().isEmpty()) {
                findings.required(at.child("secretName"), "");
            }
            keys(volume.path("secret"), at);
        }
        if (volume.has("configMap")) {
            named(volume.path("configMap"), path.child("configMap"));
            keys(volume.path("configMap"), path.child("configMap"));
        }
        if (volume.has("downwardAPI")) {
            downward(volume.path("downwardAPI"), path.child("downwardAPI"), new TreeSet<>());
        }
        if (volume.has("projected")) {
            projected(volume.path("projected"), path.child("projected"));
        }
    }

    private void hostPath(JsonNode source, FieldPath path) {
        String at = source.path("path").asText();
        if (at.isEmpty()) {
            findings.required(path.child("path"), "");
        } else if (hasDots(at)) {
            findings.invalid(path.child("path"), Check.quoted(at), NO_DOTS);
        }
        String type = source.path("type").asText();
        if (!type.isEmpty() && !HOST_PATH_TYPES.contains(type)) {
            findings.error(
                    path.child("type"),
                    "Unsupported value: "
                            + Check.quoted(type)
                            + ": supported values: "
                            + String.join(
                                    ", ", HOST_PATH_TYPES.stream().map(Check::quoted).toList()));
        }
    }

    private void named(JsonNode source, FieldPath path) {
        if (source.path("name").asText().isEmpty()) {
            findings.required(path.child("name"), "");
        }
    }

    private void keys(JsonNode source, FieldPath path) {
        mode(source, "defaultMode", path);
        keys(source.path("items"), path.child("items"), new TreeSet<>());
    }

    private void keys(JsonNode items, FieldPath path, Set<String> taken) {
        for (int i = 0; i < items.size(); i++) {
            JsonNode item = items.get(i);
            if (item.path("key").asText().isEmpty()) {
                findings.required(path.item(i).child("key"), "");
            }
            mode(item, "mode", path.item(i));
            file(item, path.item(i), taken);
        }
    }

    private void downward(JsonNode source, FieldPath path, Set<String> taken) {
        mode(source, "defaultMode", path);
        JsonNode items = source.path("items");
        for (int i = 0; i < items.size(); i++) {
            FieldPath at = path.child("items").item(i);
            JsonNode item = items.get(i);
            file(item, at, taken);
            mode(item, "mode", at);
            boolean field = item.has("fieldRef");
            boolean amount = item.has("resourceFieldRef");
            if (field && amount) {
                findings.invalid(
                        at,
                        "\"resource\"",
                        "fieldRef and resourceFieldRef can not be specified simultaneously");
            } else if (!field && !amount) {
                findings.required(at, "one of fieldRef and resourceFieldRef is required");
            }
            if (amount && item.path("resourceFieldRef").path("containerName").asText().isEmpty()) {
                findings.required(at.child("resourceFieldRef").child("containerName"), "");
            }
        }
    }

    private void projected(JsonNode projected, FieldPath path) {
        mode(projected, "defaultMode", path);
        Set<String> taken = new TreeSet<>();
        JsonNode sources = projected.path("sources");
        for (int i = 0; i < sources.size(); i++) {
            FieldPath at = path.child("sources").item(i);
            JsonNode source = sources.get(i);
            if (source.size() > 1) {
                findings.forbidden(at, "may not specify more than 1 volume type");
            }
            for (String kind : List.of("configMap", "secret")) {
                if (source.has(kind)) {
                    named(source.path(kind), at.child(kind));
                    keys(source.path(kind).path("items"), at.child(kind).child("items"), taken);
                }
            }
            if (source.has("downwardAPI")) {
                downward(source.path("downwardAPI"), at.child("downwardAPI"), taken);
            }
            if (source.has("serviceAccountToken")) {
                token(source.path("serviceAccountToken"), at.child("serviceAccountToken"), taken);
            }
        }
    }

    private void token(JsonNode token, FieldPath path, Set<String> taken) {
        file(token, path, taken);
        JsonNode seconds = token.path("expirationSeconds");
        if (seconds.isNumber() && seconds.asLong() < LEAST_TOKEN_SECONDS) {
            findings.invalid(
                    path.child("expirationSeconds"),
                    seconds.toString(),
                    "may not specify a duration less than 10 minutes");
        } else if (seconds.isNumber() && seconds.asLong() > MOST_TOKEN_SECONDS) {
            findings.invalid(
                    path.child("expirationSeconds"),
                    seconds.toString(),
                    "may not specify a duration larger than 2^32 seconds");
        }
    }

    /** A path in a volume; one of a projected volume belongs to one source only. */
    private void file(JsonNode item, FieldPath path, Set<String> taken) {
        String file = item.path("path").asText();
        FieldPath at = path.child("path");
        if (file.isEmpty()) {
            findings.required(at, "");
        } else if (file.startsWith("/")) {
            findings.invalid(at, Check.quoted(file), "must be a relative path");
        } else if (file.startsWith("..")) {
            findings.invalid(at, Check.quoted(file), "must not start with '..'");
        } else if (hasDots(file)) {
            findings.invalid(at, Check.quoted(file), NO_DOTS);
        } else if (!taken.add(file)) {
            findings.invalid(at, Check.quoted(file), "conflicting duplicate paths");
        }
    }

    private void mode(JsonNode object, String name, FieldPath path) {
        JsonNode mode = object.path(name);
        if (mode.isNumber() && (mode.asLong() < 0 || mode.asLong() > MOST_MODE)) {
            findings.invalid(path.child(name), mode.toString(), MODES);
        }
    }

    private static boolean hasDots(String path) {
        return Arrays.asList(path.split("/", -1)).contains("..");
    }

    static void mounts(JsonNode container, FieldPath of, Set<String> volumes, Findings findings) {
        JsonNode mounts = container.path("volumeMounts");
        FieldPath path = of.child("volumeMounts");
        boolean privileged = container.path("securityContext").path("privileged").asBoolean();
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
            subPath(mounts.get(i), at, findings);
            String propagation = mounts.get(i).path("mountPropagation").asText();
            if (propagation.equals("Bidirectional") && !privileged) {
                findings.forbidden(
                        at.child("mountPropagation"),
                        "Bidirectional mount propagation is available only to privileged"
                                + " containers");
            }
        }
    }

    private static void subPath(JsonNode mount, FieldPath at, Findings findings) {
        for (String member : List.of("subPath", "subPathExpr")) {
            String sub = mount.path(member).asText();
            if (sub.startsWith("/")) {
                findings.invalid(at.child(member), Check.quoted(sub), "must be a relative path");
            } else if (hasDots(sub)) {
                findings.invalid(at.child(member), Check.quoted(sub), NO_DOTS);
            }
        }
        if (!mount.path("subPath").asText().isEmpty()
                && !mount.path("subPathExpr").asText().isEmpty()) {
            findings.invalid(
                    at.child("subPathExpr"),
                    Check.quoted(mount.path("subPathExpr").asText()),
                    "subPathExpr and subPath are mutually exclusive");
        }
    }
}
