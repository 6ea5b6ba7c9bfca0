package dev.shiplog.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Plays a session at a shell and writes down what a person would have seen: every line that begins
 * with {@code $} is run, and what it printed stands below it, with {@code [exit N]} if it failed. A
 * line that begins with {@code @} is a condition that is waited for; one that begins with {@code #}
 * is for people.
 *
 * <p>What differs between two runs of the same session is replaced by a word: ages, times, uids,
 * random names, addresses, commits.
 */
final class KubectlScript {
    /** In this order: the earlier ones are parts of what the later ones would take. */
    private static final List<Map.Entry<Pattern, String>> VARYING =
            List.of(
                    varying("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID"),
                    varying("sha256:[0-9a-f]{64}", "sha256:DIGEST"),
                    varying("\\b[0-9a-f]{64}\\b", "ID"),
                    varying("(process|docker)://[0-9a-f]+", "$1://ID"),
                    varying("\\b[0-9a-f]{40}\\b", "COMMIT"),
                    varying(
                            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)",
                            "TIME"),
                    varying(
                            "(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}",
                            "TIME"),
                    varying("eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+", "TOKEN"),
                    varying("-[bcdfghjklmnpqrstvwxz2456789]{8,10}(?=[-\\s\"',/)]|$)", "-HASH"),
                    varying(
                            "pod-template-hash=[bcdfghjklmnpqrstvwxz2456789]{8,10}",
                            "pod-template-hash=HASH"),
                    varying(
                            "(?<=[a-z0-9]|HASH)-[bcdfghjklmnpqrstvwxz2456789]{5}(?=[\\s\"',/).:]|$)",
                            "-XXXXX"),
                    varying("(?<=node-1/)\\d+(\\.\\d+){3}", "ADDRESS"),
                    varying("(?<=[iI][pP]: )\\d+(\\.\\d+){3}", "ADDRESS"),
                    varying("127\\.0\\.0\\.1:\\d{2,5}", "127.0.0.1:PORT"),
                    // A cluster beside another one has another range for Services.
                    varying("\\b10\\.(1[1-9]|2[0-3])\\d\\.0\\.1(?=\\s)", "10.96.0.1"),
                    varying(
                            "\\b10\\.(?!96\\.0\\.1\\b)\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\b",
                            "ADDRESS"),
                    varying(":3[0-2]\\d{3}/TCP", ":NODEPORT/TCP"),
                    varying("3[0-2]\\d{3}/TCP", "NODEPORT/TCP"),
                    varying("(?<![\\w.-])(\\d+[dhms]){1,2}(?![\\w.-])", "AGE"),
                    varying(
                            "(?<=resourceVersion: )\"\\d+\"|(?<=\"resourceVersion\": )\"\\d+\"",
                            "\"N\""),
                    varying("(?<=\\S) {3,}", "   "));

    private final Shell shell;

    KubectlScript(Shell shell) {
        this.shell = shell;
    }

    private static Map.Entry<Pattern, String> varying(String pattern, String word) {
        return Map.entry(Pattern.compile(pattern), word);
    }

    /** The session with what its commands print now. */
    String play(Path script) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(script)) {
            if (line.startsWith("#") || line.startsWith("@") || line.startsWith("$")) {
                lines.add(line);
            } else if (line.isBlank() && !lines.isEmpty() && !lines.getLast().isBlank()) {
                lines.add("");
            }
            if (line.startsWith("@")) {
                await(line.substring(1).strip());
            } else if (line.startsWith("$")) {
                lines.addAll(run(line.substring(1).strip()));
            }
        }
        return String.join("\n", lines).stripTrailing() + "\n";
    }

    private void await(String condition) {
        Await.until(condition, () -> shell.sh(condition), result -> result.code() == 0);
    }

    private List<String> run(String command) {
        Shell.Result result = shell.sh(command);
        List<String> printed = new ArrayList<>();
        result.output()
                .lines()
                .map(KubectlScript::constant)
                .map(line -> line.isBlank() ? "." : line)
                .map(line -> line.matches("[#@$].*") ? " " + line : line)
                .forEach(printed::add);
        if (result.code() != 0) {
            printed.add("[exit " + result.code() + "]");
        }
        return printed;
    }

    /** A line as every run of the session prints it. */
    private static String constant(String line) {
        String text = line;
        for (Map.Entry<Pattern, String> one : VARYING) {
            text = one.getKey().matcher(text).replaceAll(one.getValue());
        }
        return text.stripTrailing();
    }
}
