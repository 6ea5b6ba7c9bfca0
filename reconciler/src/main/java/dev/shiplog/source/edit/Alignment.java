package dev.shiplog.source.edit;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which item of a list became which: by the field that names items, where they have one (as
 * Kubernetes merges lists), else by equality, and by position between equal ones.
 *
 * <p>Invariant: partners keep their order, so a list can be edited from its first item to its last.
 */
final class Alignment {
    /** What may name the items of a list; the first of equally good ones is taken. */
    private static final List<List<String>> NAMES =
            List.of(
                    List.of("name"),
                    List.of("key"),
                    List.of("mountPath"),
                    List.of("devicePath"),
                    List.of("containerPort", "protocol"),
                    List.of("port", "protocol"),
                    List.of("containerPort"),
                    List.of("port"),
                    List.of("ip"),
                    List.of("topologyKey"),
                    List.of("type"),
                    List.of("path"),
                    List.of("host"));

    /** Comparing all with all is bounded by this many pairs; longer lists go by position. */
    private static final long MAX_PAIRS = 4_000_000;

    private Alignment() {}

    /** For each item of {@code to}, the index of its partner in {@code from}, or -1. */
    static int[] of(List<JsonNode> from, List<JsonNode> to) {
        int[] best = new int[0];
        int most = 0;
        for (List<String> fields : NAMES) {
            int[] partners = byName(ids(from, fields), ids(to, fields));
            int found = (int) Arrays.stream(partners).filter(i -> i >= 0).count();
            if (found > most) {
                most = found;
                best = partners;
            }
        }
        return most > 0 ? increasing(best) : byValue(from, to);
    }

    /** Empty if not every item has a name of its own. */
    private static List<String> ids(List<JsonNode> items, List<String> fields) {
        List<String> ids = new ArrayList<>();
        for (JsonNode item : items) {
            StringBuilder id = new StringBuilder();
            for (String field : fields) {
                if (!item.path(field).isValueNode() || item.path(field).isNull()) {
                    return List.of();
                }
                id.append(item.path(field).asText()).append('\n');
            }
            ids.add(id.toString());
        }
        return ids.stream().distinct().count() == ids.size() ? ids : List.of();
    }

    private static int[] byName(List<String> from, List<String> to) {
        if (from.isEmpty() || to.isEmpty()) {
            return new int[0];
        }
        Map<String, Integer> at = new HashMap<>();
        for (int i = 0; i < from.size(); i++) {
            at.put(from.get(i), i);
        }
        return to.stream().mapToInt(id -> at.getOrDefault(id, -1)).toArray();
    }

    /** Keeps a longest run of partners that are in order; the others count as gone and new. */
    private static int[] increasing(int[] partners) {
        int n = partners.length;
        int[] length = new int[n];
        int[] before = new int[n];
        int best = -1;
        for (int i = 0; i < n; i++) {
            before[i] = -1;
            if (partners[i] < 0) {
                continue;
            }
            length[i] = 1;
            for (int j = 0; j < i; j++) {
                if (length[j] + 1 > length[i] && partners[j] >= 0 && partners[j] < partners[i]) {
                    length[i] = length[j] + 1;
                    before[i] = j;
                }
            }
            if (best < 0 || length[i] > length[best]) {
                best = i;
            }
        }
        int[] kept = new int[n];
        Arrays.fill(kept, -1);
        for (int i = best; i >= 0; i = before[i]) {
            kept[i] = partners[i];
        }
        return kept;
    }

    private static int[] byValue(List<JsonNode> from, List<JsonNode> to) {
        int[] partners = new int[to.size()];
        Arrays.fill(partners, -1);
        if ((long) from.size() * to.size() <= MAX_PAIRS) {
            common(from, to, partners);
        }
        pairGaps(from, partners);
        return partners;
    }

    /** A longest common subsequence. */
    private static void common(List<JsonNode> from, List<JsonNode> to, int[] partners) {
        int n = from.size();
        int m = to.size();
        int[][] length = new int[n + 1][m + 1];
        for (int i = n - 1; i >= 0; i--) {
            for (int j = m - 1; j >= 0; j--) {
                length[i][j] =
                        from.get(i).equals(to.get(j))
                                ? length[i + 1][j + 1] + 1
                                : Math.max(length[i + 1][j], length[i][j + 1]);
            }
        }
        for (int i = 0, j = 0; i < n && j < m; ) {
            if (from.get(i).equals(to.get(j))) {
                partners[j++] = i++;
            } else if (length[i + 1][j] >= length[i][j + 1]) {
                i++;
            } else {
                j++;
            }
        }
    }

    /** What stands between the same neighbours is taken for a changed item. */
    private static void pairGaps(List<JsonNode> from, int[] partners) {
        int nextFrom = 0;
        for (int j = 0; j < partners.length; ) {
            if (partners[j] >= 0) {
                nextFrom = partners[j++] + 1;
                continue;
            }
            int end = j;
            while (end < partners.length && partners[end] < 0) {
                end++;
            }
            int limit = end < partners.length ? partners[end] : from.size();
            while (j < end && nextFrom < limit) {
                partners[j++] = nextFrom++;
            }
            j = end;
        }
    }
}
