package dev.shiplog.source;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.ResourceKey;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/**
 * Where an object is declared that no file declares yet: {@code <namespace>/<kind>-<name>.yaml}, a
 * Namespace in its own folder, what has no namespace in the folder of the source. So what belongs
 * together lies together, and a folder that is deleted takes a namespace with it.
 */
final class NewFiles {
    /** How many names are tried, {@code -2}, {@code -3} and so on. */
    private static final int MAX_TRIES = 100;

    private NewFiles() {}

    /**
     * A path for an object.
     *
     * @param folder of the source
     * @return empty if every name that was tried is taken or ignored
     */
    static Optional<String> path(ResourceKey key, String folder, WorkingFiles files)
            throws IOException {
        ManifestFiles manifests = new ManifestFiles(folder, files.ignoreRules(folder));
        String base = folder.isEmpty() ? "" : folder + "/";
        String inside = folder(key);
        for (int i = 1; i <= MAX_TRIES; i++) {
            String suffix = i == 1 ? "" : "-" + i;
            String path = base + inside + file(key) + suffix + ".yaml";
            boolean free = !files.exists(path) && (inside.isEmpty() || free(base + inside, files));
            if (free && manifests.manifest(new FileEntry(path, "", FileEntry.Type.REGULAR))) {
                return Optional.of(path);
            }
            if (!inside.isEmpty() && !free(base + inside, files)) {
                inside = "";
            }
        }
        return Optional.empty();
    }

    /** The path that an object gets unless that is taken or ignored. */
    static String likely(ResourceKey key, String folder) {
        String base = folder.isEmpty() ? "" : folder + "/";
        return base + folder(key) + file(key) + ".yaml";
    }

    /** Whether a folder is there or can be made: no file has its name. */
    private static boolean free(String folder, WorkingFiles files) throws IOException {
        return files.read(folder.substring(0, folder.length() - 1)).isEmpty();
    }

    private static String folder(ResourceKey key) {
        if (key.kind().equals(GroupKind.NAMESPACE)) {
            return key.name() + "/";
        }
        return key.namespace().isEmpty() ? "" : key.namespace() + "/";
    }

    /** Names of RBAC may have colons and the like, which not every machine has in file names. */
    private static String file(ResourceKey key) {
        String name = key.name().replaceAll("[^A-Za-z0-9._-]", "-");
        return key.kind().kind().toLowerCase(Locale.ROOT) + "-" + name;
    }
}
