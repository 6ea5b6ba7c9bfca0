package dev.shiplog.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.NodeOptions;
import dev.shiplog.boot.NodeServer;
import dev.shiplog.boot.Profile;
import dev.shiplog.boot.SettingsFile;
import dev.shiplog.resource.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code shiplog profile}: the clusters of this user on this machine. */
@Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "The clusters on this machine.")
final class ProfileCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected list, found nothing");
    }

    /**
     * One line of the list.
     *
     * @param status {@code Running} or {@code Stopped}
     * @param server where the API server answers; empty while nothing does
     */
    private record Row(String name, String role, String status, String runtime, String server) {
        static Row of(Profile profile) throws IOException {
            if (!profile.exists()) {
                Optional<NodeOptions> node = NodeOptions.read(NodeServer.settings(profile));
                return new Row(
                        profile.name(),
                        "node",
                        state(Endpoint.read(profile.endpoint())),
                        node.map(NodeOptions::runtime).orElse(""),
                        node.map(NodeOptions::server).orElse(""));
            }
            Optional<Endpoint> running = Endpoint.read(profile.endpoint());
            String told = SettingsFile.read(profile.settings()).runtime();
            return new Row(
                    profile.name(),
                    "cluster",
                    state(running),
                    running.map(Endpoint::runtime).orElse(told),
                    running.map(Endpoint::apiServer).orElse(""));
        }
    }

    private static String state(Optional<Endpoint> running) {
        return running.isPresent() ? "Running" : "Stopped";
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List the clusters on this machine, and which of them run.")
    int list(
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "text",
                            paramLabel = "FORMAT",
                            description = "text or json (default: ${DEFAULT-VALUE}).")
                    Output output)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<Row> rows = new ArrayList<>();
        for (Profile profile : Profile.all(System.getenv())) {
            rows.add(Row.of(profile));
        }
        switch (output) {
            case JSON -> out.println(json(rows).toPrettyString());
            case TEXT -> print(rows, out);
        }
        out.flush();
        return 0;
    }

    private static ArrayNode json(List<Row> rows) {
        ArrayNode list = Json.EMPTY.toObject().putArray("profiles");
        for (Row row : rows) {
            ObjectNode node = list.addObject();
            node.put("name", row.name());
            node.put("role", row.role());
            node.put("status", row.status());
            node.put("runtime", row.runtime());
            node.put("server", row.server());
        }
        return list;
    }

    private static void print(List<Row> rows, PrintWriter out) {
        if (rows.isEmpty()) {
            out.println("There is no cluster here: make one with \"shiplog demo\" or \"start\".");
            return;
        }
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("NAME", "ROLE", "STATUS", "RUNTIME", "SERVER"));
        for (Row row : rows) {
            table.add(
                    List.of(
                            row.name(),
                            row.role(),
                            row.status(),
                            row.runtime(),
                            row.server().isEmpty() ? "<none>" : row.server()));
        }
        TextTable.print(table, out);
    }
}
