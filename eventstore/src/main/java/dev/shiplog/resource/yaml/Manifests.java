package dev.shiplog.resource.yaml;

import dev.shiplog.command.DeclaredResource;

import java.util.List;

/** Decodes the files of a source. */
public final class Manifests {
    /** The most problems, and the most warnings, that are reported of one file. */
    public static final int MAX_REPORTED = 50;

    private Manifests() {}

    /** Decodes one file of a source that may hold no plain Secrets. */
    public static Decoded decode(String path, byte[] content, String defaultNamespace) {
        return decode(path, content, defaultNamespace, PlainSecrets.REFUSED);
    }

    /**
     * Decodes one file of a source: multi-document YAML, Lists, or JSON. All problems of the file
     * are reported, not only the first; a document with a problem gives no resource.
     *
     * @param path the file, from the root of the repository; only for messages
     * @param content the file as it is
     * @param defaultNamespace where a resource belongs that has a namespace and names none
     */
    public static Decoded decode(
            String path, byte[] content, String defaultNamespace, PlainSecrets plainSecrets) {
        ManifestReader reader = new ManifestReader(path, defaultNamespace, plainSecrets);
        reader.read(content);
        return new Decoded(
                reader.resources(),
                reader.problems().stream()
                        .map(trouble ->
                                new Problem(
                                        path,
                                        trouble.place().line(),
                                        trouble.place().column(),
                                        trouble.message()))
                        .toList(),
                reader.warnings().stream()
                        .map(trouble ->
                                new Warning(
                                        path,
                                        trouble.place().line(),
                                        trouble.place().column(),
                                        trouble.message()))
                        .toList());
    }

    /** What one file says, in the order in which it says it. */
    public record Decoded(
            List<DeclaredResource> resources, List<Problem> problems, List<Warning> warnings) {
        public Decoded {
            resources = List.copyOf(resources);
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Why a document is refused.
     *
     * @param line from 1
     * @param column from 1, in characters
     */
    public record Problem(String path, int line, int column, String message) {
        /** {@code path:line:column: message}, as compilers and editors write it. */
        @Override
        public String toString() {
            return path + ":" + line + ":" + column + ": " + message;
        }
    }

    /**
     * What the author of an accepted document should know.
     *
     * @param line from 1
     * @param column from 1, in characters
     */
    public record Warning(String path, int line, int column, String message) {
        /** {@code path:line:column: message}, as compilers and editors write it. */
        @Override
        public String toString() {
            return path + ":" + line + ":" + column + ": " + message;
        }
    }
}
