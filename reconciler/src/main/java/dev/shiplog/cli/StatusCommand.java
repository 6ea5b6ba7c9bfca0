package dev.shiplog.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;
import dev.shiplog.boot.SettingsFile;
import dev.shiplog.event.EventCodec;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.ledger.History;
import dev.shiplog.ledger.JournalHistory;
import dev.shiplog.node.network.plane.PlaneKind;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.state.ClusterState;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code shiplog status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show how the cluster is and where it answers.")
final class StatusCommand implements Callable<Integer> {
    @Mixin private final ProfileOption profile = new ProfileOption();

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private Output output = Output.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Profile existing = profile.existing();
        Optional<Endpoint> endpoint = Endpoint.read(existing.endpoint());
        JsonNode status = endpoint.isPresent() ? ask(existing, endpoint.get()) : stopped(existing);
        PrintWriter out = spec.commandLine().getOut();
        if (output == Output.JSON) {
            out.println(status.toPrettyString());
        } else {
            print(status, out);
        }
        out.flush();
        return 0;
    }

    private static String led(String proxy) {
        return PlaneKind.of(proxy) == PlaneKind.USERSPACE
                ? "led by this program, not by the kernel (userspace)"
                : "led by the kernel (" + proxy + ")";
    }

    private static JsonNode ask(Profile profile, Endpoint endpoint) {
        try (ServerClient client = ServerClient.open(profile, endpoint)) {
            return Launch.status(client);
        }
    }

    /** What the files of a stopped cluster say. */
    private static JsonNode stopped(Profile profile) throws IOException {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("phase", "Stopped");
        node.put("apiServer", "");
        node.put("git", "");
        node.put("kubeconfig", profile.kubeconfig().toString());
        Optional<String> why = LastEnd.of(profile);
        why.ifPresent(node.putArray("warnings")::add);
        String asked = SettingsFile.read(profile.settings()).runtime();
        try (Journal journal = SqliteJournal.openReadOnly(profile.log())) {
            History history = new JournalHistory(journal, EventCodec.STANDARD);
            ClusterState state = history.stateAt(history.head());
            node.put("runtime", chosenRuntime(state).orElse(asked));
            node.put("position", state.position().value());
            node.put(
                    "revision",
                    state.sources().stream()
                            .flatMap(source -> source.applied().stream())
                            .map(applied -> applied.commit().value())
                            .findFirst()
                            .orElse(""));
        }
        return node;
    }

    /** The runtime that the cluster's node ran on last, as it said itself. */
    private static Optional<String> chosenRuntime(ClusterState state) {
        return state.resources(GroupKind.NODE).stream()
                .map(node ->
                        node.status()
                                .toNode()
                                .path("nodeInfo")
                                .path("containerRuntimeVersion")
                                .asText())
                .filter(version -> version.contains("://"))
                .map(version -> version.substring(0, version.indexOf("://")))
                .findFirst();
    }

    private static void print(JsonNode status, PrintWriter out) {
        for (String name :
                new String[] {
                    "phase", "apiServer", "git", "kubeconfig", "runtime", "position", "revision"
                }) {
            out.println(String.format("%-11s %s", name, status.path(name).asText()));
        }
        if (status.has("serviceProxy")) {
            out.println(
                    String.format(
                            "%-11s %s", "services", led(status.path("serviceProxy").asText())));
        }
        if (status.has("ingress")) {
            out.println(
                    String.format(
                            "%-11s http port %d, https port %d of this machine",
                            "ingress",
                            status.path("ingress").path("http").asInt(),
                            status.path("ingress").path("https").asInt()));
        }
        if (status.has("pods")) {
            out.println(
                    String.format(
                            "%-11s %d of %d ready",
                            "pods",
                            status.path("pods").path("ready").asInt(),
                            status.path("pods").path("total").asInt()));
        }
        status.path("waiting").forEach(line -> out.println("  " + line.asText()));
        status.path("details").forEach(line -> out.println("  " + line.asText()));
        status.path("warnings").forEach(line -> out.println("warning: " + line.asText()));
    }
}
