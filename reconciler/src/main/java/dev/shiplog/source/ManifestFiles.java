package dev.shiplog.source;

import java.util.Locale;

/**
 * Which files of a repository are manifests: {@code *.yaml}, {@code *.yml} and {@code *.json} in
 * the folder of the source, unless the ignore file names them, or they or a folder of theirs begin
 * with a dot. Everything that is a manifest by this rule must decode: a file that does not is an
 * error and not a file to skip, or a typo would delete what it declares.
 *
 * @param folder the folder of the source, without slashes at its ends; {@code ""} for all
 */
record ManifestFiles(String folder, CommitFiles.IgnoreRules rules) {
    /** In the folder of the source, in the syntax of {@code .gitignore}. */
    static final String IGNORE_FILE = ".shiplogignore";

    /** No manifest is larger, in bytes: as etcd's limit for one object, doubled, for Lists. */
    static final long MAX_FILE_BYTES = 3L << 20;

    /**
     * Whether a file is looked at. Links and submodules are, whatever their names, to be warned of.
     */
    boolean manifest(FileEntry file) {
        if (!inFolder(file)) {
            return false;
        }
        String inside = folder.isEmpty() ? file.path() : file.path().substring(folder.length() + 1);
        return (file.type() != FileEntry.Type.REGULAR || extension(inside))
                && !hidden(inside)
                && !rules.ignores(inside);
    }

    /** Whether a file lies in the folder of the source. */
    boolean inFolder(FileEntry file) {
        return folder.isEmpty() || file.path().startsWith(folder + "/");
    }

    /** The path of the ignore file. */
    String ignoreFile() {
        return folder.isEmpty() ? IGNORE_FILE : folder + "/" + IGNORE_FILE;
    }

    private static boolean extension(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private static boolean hidden(String path) {
        return path.startsWith(".") || path.contains("/.");
    }
}
