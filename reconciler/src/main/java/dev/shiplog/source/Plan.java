package dev.shiplog.source;

import dev.shiplog.decide.Decision.Proposed;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;

/**
 * What a commit would do to the cluster, for people to read: one line per object, and a summary.
 *
 * @param summary such as {@code 1 created, 2 changed, 0 removed}
 * @param lines one per object, in the order of the decision
 */
public record Plan(String summary, List<String> lines) {
    public Plan {
        lines = List.copyOf(lines);
    }

    /** What the events of a decision on a state mean. */
    static Plan of(ClusterState before, List<Proposed> events) {
        PlanLines lines = new PlanLines(before);
        events.forEach(proposed -> lines.add(proposed.event()));
        return lines.plan();
    }

    /** The summary and as many lines as fit, the rest counted. */
    public List<String> shown(int limit) {
        List<String> shown = new ArrayList<>();
        shown.add(summary);
        shown.addAll(atMost(limit, lines));
        return shown;
    }

    /** The first lines, and how many more there are. */
    public static List<String> atMost(int limit, List<String> lines) {
        if (lines.size() <= limit) {
            return lines;
        }
        List<String> shown = new ArrayList<>(lines.subList(0, limit));
        shown.add("and " + (lines.size() - limit) + " more");
        return shown;
    }
}
