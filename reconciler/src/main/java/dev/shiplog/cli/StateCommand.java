package dev.shiplog.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.audit.Moment;
import dev.shiplog.audit.Trail;
import dev.shiplog.ledger.History;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Column;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.state.ClusterState;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** {@code shiplog state --at}: the cluster as it was. */
@Command(
        name = "state",
        mixinStandardHelpOptions = true,
        description = "Show the cluster as it was at a position, a commit or a time.")
final class StateCommand extends AuditCommand {
    @Parameters(
            arity = "0..2",
            paramLabel = "OBJECT",
            description = "Only this object, whole, such as pod/web-1 or pod web-1.")
    private List<String> object = List.of();

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "The object's namespace (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Option(
            names = "--at",
            defaultValue = "now",
            paramLabel = "MOMENT",
            description =
                    "A position, a commit, a time, an age, or \"now\" (default: ${DEFAULT-VALUE}).")
    private String at = "now";

    @Override
    int answer(History history, Moment moments, PrintWriter out) {
        Position position = moments.find(at);
        ClusterState state = history.stateAt(position);
        if (!object.isEmpty()) {
            return printObject(state, object(object, namespace), out);
        }
        if (json()) {
            out.println(document(state));
        } else {
            Trail trail = new Trail(history);
            if (position.value() == 0) {
                out.println(
                        "There was no cluster yet: its log begins at "
                                + trail.at(new Position(1)).time()
                                + ".");
                return 0;
            }
            printTables(state, trail.at(position).time(), out);
        }
        return 0;
    }

    private static int printObject(ClusterState state, ResourceKey key, PrintWriter out) {
        Resource resource =
                state.resource(key)
                        .orElseThrow(() ->
                                new CommandFailure(
                                        "there was no "
                                                + key
                                                + " at position "
                                                + state.position()
                                                + elsewhere(state, key)));
        out.println(resource.document().toNode().toPrettyString());
        return 0;
    }

    private static String document(ClusterState state) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("position", state.position().value());
        ArrayNode items = root.putArray("items");
        state.resources().stream()
                .filter(resource -> !resource.key().kind().equals(GroupKind.EVENT))
                .forEach(resource -> items.add(resource.document().toNode()));
        return root.toPrettyString();
    }

    /** As kubectl prints it, at the time it was: ages count up to then. */
    private static void printTables(ClusterState state, Instant then, PrintWriter out) {
        out.println("The cluster at position " + state.position() + ", " + then);
        state.sources()
                .forEach(source ->
                        out.println(
                                "Source "
                                        + source.name()
                                        + ": "
                                        + source.applied()
                                                .map(applied ->
                                                        applied.commit()
                                                                + " "
                                                                + applied.info().subject())
                                                .orElse("no commit yet")));
        for (Kind kind : Kinds.all()) {
            Collection<Resource> resources = state.resources(kind.groupKind());
            if (!resources.isEmpty() && !kind.groupKind().equals(GroupKind.EVENT)) {
                out.println();
                printTable(kind, resources, then, out);
            }
        }
    }

    private static void printTable(
            Kind kind, Collection<Resource> resources, Instant then, PrintWriter out) {
        List<Column> columns =
                kind.columns().stream().filter(column -> column.priority() == 0).toList();
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>();
        if (kind.namespaced()) {
            header.add("NAMESPACE");
        }
        columns.forEach(column -> header.add(column.name().toUpperCase(Locale.ROOT)));
        rows.add(header);
        for (Resource resource : resources) {
            List<String> row = new ArrayList<>();
            if (kind.namespaced()) {
                row.add(resource.key().namespace());
            }
            columns.forEach(column -> row.add(column.cell().of(resource, then).asText()));
            row.set(kind.namespaced() ? 1 : 0, kind.singular() + "/" + resource.key().name());
            rows.add(row);
        }
        TextTable.print(rows, out);
    }
}
