package dev.shiplog.api.proxy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which headers pass a proxy: all but those that are for one connection only (RFC 9110, 7.6.1). */
final class Headers {
    private static final List<String> HOP_BY_HOP =
            List.of(
                    "connection",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private Headers() {}

    /** Without the hop-by-hop ones, and those that the message itself names as such. */
    static SortedMap<String, List<String>> passing(Map<String, List<String>> headers) {
        TreeSet<String> dropped = new TreeSet<>(HOP_BY_HOP);
        headers.forEach((name, values) -> {
            if (name.equalsIgnoreCase("connection")) {
                for (String value : values) {
                    for (String named : value.split(",", -1)) {
                        dropped.add(named.strip().toLowerCase(Locale.ROOT));
                    }
                }
            }
        });
        SortedMap<String, List<String>> passing = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> {
            if (!dropped.contains(name.toLowerCase(Locale.ROOT))) {
                passing.put(name, values);
            }
        });
        return passing;
    }
}
