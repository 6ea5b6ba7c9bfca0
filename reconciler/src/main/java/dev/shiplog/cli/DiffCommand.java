package dev.shiplog.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.audit.Moment;
import dev.shiplog.audit.StateDifference;
import dev.shiplog.ledger.History;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** {@code shiplog diff A B}: what differs between two moments. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Show what differs between two moments: positions, commits, times or ages.")
final class DiffCommand extends AuditCommand {
    @Parameters(index = "0", paramLabel = "A", description = "The moment before.")
    private String before = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            defaultValue = "now",
            paramLabel = "B",
            description = "The moment after.")
    private String after = "now";

    @Option(names = "--status", description = "Also where only the status differs.")
    private boolean status;

    @Override
    int answer(History history, Moment moments, PrintWriter out) {
        List<StateDifference.Entry> entries =
                StateDifference.between(
                        history.stateAt(moments.find(before)),
                        history.stateAt(moments.find(after)),
                        status);
        if (json()) {
            entries.forEach(entry -> out.println(document(entry)));
            return 0;
        }
        entries.forEach(entry -> print(entry, out));
        if (entries.isEmpty()) {
            out.println("Nothing differs.");
        }
        return 0;
    }

    private static void print(StateDifference.Entry entry, PrintWriter out) {
        out.println(mark(entry.change()) + " " + entry.key());
        for (StateDifference.Field field : entry.fields()) {
            field.before().ifPresent(value -> out.println("    - " + field.path() + ": " + value));
            field.after().ifPresent(value -> out.println("    + " + field.path() + ": " + value));
        }
    }

    private static String mark(StateDifference.Change change) {
        return switch (change) {
            case CREATED -> "+";
            case REMOVED -> "-";
            case CHANGED -> "~";
            case REPLACED -> "±";
        };
    }

    private static ObjectNode document(StateDifference.Entry entry) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("object", entry.key().toString());
        node.put("change", entry.change().name().toLowerCase(Locale.ROOT));
        ArrayNode fields = node.putArray("fields");
        for (StateDifference.Field field : entry.fields()) {
            ObjectNode one = fields.addObject();
            one.put("path", field.path());
            field.before().ifPresent(value -> one.set("before", value));
            field.after().ifPresent(value -> one.set("after", value));
        }
        return node;
    }
}
