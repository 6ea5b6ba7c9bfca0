package dev.shiplog.api;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who asks.
 *
 * @param name the user name: the common name of a verified client certificate, or {@code
 *     system:anonymous}
 * @param groups the certificate's organisations, and those that Kubernetes adds
 */
public record Identity(String name, SortedSet<String> groups) {
    /** The group that may do anything. */
    public static final String MASTERS = "system:masters";

    public static final Identity ANONYMOUS =
            new Identity(
                    "system:anonymous",
                    Collections.unmodifiableSortedSet(
                            new TreeSet<>(List.of("system:unauthenticated"))));

    public Identity {
        groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
    }

    /** A user whose identity was verified. */
    public static Identity authenticated(String name, Collection<String> groups) {
        TreeSet<String> all = new TreeSet<>(groups);
        all.add("system:authenticated");
        return new Identity(name, all);
    }

    public boolean anonymous() {
        return groups.contains("system:unauthenticated");
    }
}
