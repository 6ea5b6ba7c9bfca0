package dev.shiplog.source.edit;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Annotations that tools keep on the live object for themselves. They are never written to Git,
 * where they would be noise in every difference.
 */
public final class Bookkeeping {
    private Bookkeeping() {}

    public static boolean holds(String annotation) {
        return annotation.equals("kubectl.kubernetes.io/last-applied-configuration")
                || annotation.startsWith("deployment.kubernetes.io/");
    }

    /** The annotations without these. */
    static SortedMap<String, String> without(SortedMap<String, String> annotations) {
        SortedMap<String, String> rest = new TreeMap<>(annotations);
        rest.keySet().removeIf(Bookkeeping::holds);
        return rest;
    }
}
