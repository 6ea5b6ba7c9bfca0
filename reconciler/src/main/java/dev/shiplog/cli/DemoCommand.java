package dev.shiplog.cli;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Settings;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code shiplog demo}: a cluster that runs the example repository, and what to try with it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Start a cluster with the example repository and wait until every pod is Ready.")
final class DemoCommand implements Callable<Integer> {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    @Mixin private final ProfileOption profile = new ProfileOption();

    @Mixin private final StartOptions options = new StartOptions();

    @Option(
            names = "--timeout",
            defaultValue = "300",
            paramLabel = "SECONDS",
            description = "How long to wait for the pods (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds = 300;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Profile chosen = profile.profile();
        Display display = new Display(out, Display.onTerminal());
        Settings told = options.over(Settings.read(chosen.settings()));
        Settings settings =
                new Settings(
                        told.runtime(),
                        told.port(),
                        Optional.of(examples().toString()),
                        true,
                        told.follow(),
                        told.allowPlainSecrets(),
                        told.writes(),
                        told.oidc(),
                        told.listen(),
                        told.registries(),
                        told.network());
        Endpoint endpoint = new Launch(chosen, display).ensureRunning(settings);
        display.done(
                "control plane and node answer at "
                        + endpoint.apiServer()
                        + " (runtime "
                        + endpoint.runtime()
                        + ", "
                        + display.elapsed()
                        + ")");
        try (ServerClient client = ServerClient.open(chosen, endpoint)) {
            JsonNode status = awaitReady(client, display);
            display.done(
                    status.path("pods").path("ready").asInt()
                            + " of "
                            + status.path("pods").path("total").asInt()
                            + " pods Ready ("
                            + display.elapsed()
                            + ")");
        }
        new NextSteps(chosen, endpoint).print(out);
        return 0;
    }

    private JsonNode awaitReady(ServerClient client, Display display) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(timeoutSeconds).toNanos();
        List<String> told = new ArrayList<>();
        JsonNode status = Launch.status(client);
        while (!status.path("phase").asText().equals("Ready")) {
            for (JsonNode milestone : status.path("milestones")) {
                if (!told.contains(milestone.asText())) {
                    told.add(milestone.asText());
                    display.done(milestone.asText() + " (" + display.elapsed() + ")");
                }
            }
            if (status.path("phase").asText().equals("Failed") || System.nanoTime() > deadline) {
                throw new CommandFailure(
                        "not every pod became Ready within "
                                + timeoutSeconds
                                + " s:\n"
                                + String.join("\n", lines(status.path("waiting"))));
            }
            display.show(activity(status));
            Thread.sleep(LOOK_EVERY);
            status = Launch.status(client);
        }
        return status;
    }

    private static String activity(JsonNode status) {
        String pods =
                status.path("pods").path("ready").asInt()
                        + " of "
                        + status.path("pods").path("total").asInt()
                        + " pods Ready";
        List<String> activities = lines(status.path("activity"));
        List<String> waiting = lines(status.path("waiting"));
        if (!activities.isEmpty()) {
            return pods + "; " + activities.getFirst();
        }
        return waiting.isEmpty() ? pods : pods + "; " + waiting.getFirst();
    }

    private static List<String> lines(JsonNode array) {
        List<String> lines = new ArrayList<>();
        array.forEach(line -> lines.add(line.asText()));
        return lines;
    }

    private static Path examples() {
        String dist = System.getenv("SHIPLOG_DIST");
        Path folder = Path.of(dist == null ? "." : dist, "manifests-example").toAbsolutePath();
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(
                    "expected the example repository at "
                            + folder
                            + ", found nothing there: start Shiplog by ops/shiplog, or by bin/shiplog of a distribution");
        }
        return folder;
    }
}
