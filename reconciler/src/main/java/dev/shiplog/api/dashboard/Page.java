package dev.shiplog.api.dashboard;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.kind.Column;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The page as HTML: text without scripts, drawn anew every few seconds. */
final class Page {
    /** Rows of one table; the rest are counted. */
    static final int MOST_ROWS = 500;

    private static final int REFRESH_SECONDS = 5;
    private static final int SHORT_COMMIT = 7;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private static final String STYLE =
            """
            :root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif }
            body { max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
            h2 { margin: 2rem 0 .5rem; font-size: 1.1rem }
            table { border-collapse: collapse; width: 100% }
            th, td { text-align: left; padding: .25rem 1rem .25rem 0; vertical-align: top;
              border-bottom: 1px solid #8884 }
            th { font-weight: 600 }
            li { margin: .2rem 0 }
            .mono { font-family: ui-monospace, monospace }
            """;

    private Page() {}

    /**
     * What is on the page beside the state.
     *
     * @param cluster the cluster's name
     * @param phase as {@code shiplog status} says it
     * @param waiting what is missing, a line each
     * @param who who looks
     */
    record Head(
            String cluster, String phase, Collection<String> waiting, String who, Instant now) {}

    static String overview(Head head, ClusterState state, List<RecentCommits.Applied> commits) {
        StringBuilder html = new StringBuilder(begin("Cluster " + head.cluster(), true));
        html.append("<h1>Cluster ").append(text(head.cluster())).append(": ");
        html.append(text(head.phase())).append("</h1>\n<p>Position ");
        html.append(text(state.position().toString())).append(" of the log, ");
        html.append(text(TIME.format(head.now()))).append(", as ").append(text(head.who()));
        html.append("</p>\n");
        if (!head.waiting().isEmpty()) {
            html.append("<ul>\n");
            for (String line : head.waiting().stream().limit(MOST_ROWS).toList()) {
                html.append("<li>").append(text(line)).append("</li>\n");
            }
            html.append("</ul>\n");
        }
        kind(html, "Nodes", GroupKind.NODE, state, head.now());
        kind(html, "Pods", GroupKind.POD, state, head.now());
        commits(html, commits);
        return html.append("</body>\n</html>\n").toString();
    }

    /** A page that only says something. */
    static String notice(String title, String text) {
        return begin(title, false)
                + "<h1>"
                + text(title)
                + "</h1>\n<p>"
                + text(text)
                + "</p>\n</body>\n</html>\n";
    }

    private static String begin(String title, boolean refreshed) {
        return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + (refreshed
                        ? "<meta http-equiv=\"refresh\" content=\"" + REFRESH_SECONDS + "\">\n"
                        : "")
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>"
                + text(title)
                + "</title>\n<style>\n"
                + STYLE
                + "</style>\n</head>\n<body>\n";
    }

    /** A kind as {@code kubectl get} prints it, with the namespace first where there is one. */
    private static void kind(
            StringBuilder html, String title, GroupKind wanted, ClusterState state, Instant now) {
        Kind kind = Kinds.of(wanted).orElseThrow();
        List<Column> columns =
                kind.columns().stream().filter(column -> column.priority() == 0).toList();
        List<String> names = new ArrayList<>();
        if (kind.namespaced()) {
            names.add("Namespace");
        }
        columns.forEach(column -> names.add(column.name()));
        Collection<Resource> resources = state.resources(wanted);
        heading(html, title + " (" + resources.size() + ")", names);
        for (Resource resource : resources.stream().limit(MOST_ROWS).toList()) {
            List<String> cells = new ArrayList<>();
            if (kind.namespaced()) {
                cells.add(resource.key().namespace());
            }
            for (Column column : columns) {
                JsonNode cell = column.cell().of(resource, now);
                cells.add(cell.isValueNode() ? cell.asText() : cell.toString());
            }
            row(html, cells);
        }
        html.append("</table>\n");
        if (resources.size() > MOST_ROWS) {
            html.append("<p>… and ").append(resources.size() - MOST_ROWS).append(" more</p>\n");
        }
    }

    private static void commits(StringBuilder html, List<RecentCommits.Applied> commits) {
        heading(
                html,
                "Newest commits",
                List.of("Commit", "Applied", "Author", "Subject", "Brought in by", "Position"));
        for (RecentCommits.Applied applied : commits) {
            row(
                    html,
                    List.of(
                            applied.event().commit().value().substring(0, SHORT_COMMIT),
                            TIME.format(applied.at()),
                            applied.event().info().authorName(),
                            applied.event().info().subject(),
                            applied.event().pusher(),
                            applied.position().toString()));
        }
        html.append("</table>\n");
    }

    private static void heading(StringBuilder html, String title, List<String> columns) {
        html.append("<h2>").append(text(title)).append("</h2>\n<table>\n<tr>");
        columns.forEach(column -> html.append("<th>").append(text(column)).append("</th>"));
        html.append("</tr>\n");
    }

    private static void row(StringBuilder html, List<String> cells) {
        html.append("<tr>");
        cells.forEach(cell -> html.append("<td>").append(text(cell)).append("</td>"));
        html.append("</tr>\n");
    }

    /** Text in which nothing is markup: names and messages are written by users. */
    static String text(String plain) {
        StringBuilder escaped = new StringBuilder(plain.length());
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
