package dev.shiplog.api.write;

/** Names of which a client gives only the beginning, as Kubernetes makes them. */
final class GeneratedNames {
    /** The characters that are added. */
    static final int SUFFIX = 5;

    /** The most characters of the whole. */
    private static final int MAX_LENGTH = 63;

    /** How often another name is tried when one is taken. */
    static final int ATTEMPTS = 8;

    private GeneratedNames() {}

    static String of(String beginning, String suffix) {
        String kept = beginning.substring(0, Math.min(beginning.length(), MAX_LENGTH - SUFFIX));
        return kept + suffix;
    }
}
