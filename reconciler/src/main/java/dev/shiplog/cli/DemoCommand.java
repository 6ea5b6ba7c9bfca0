package dev.shiplog.cli;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Host;
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

    /** How long after the last pod the way from outside to it may take to open. */
    private static final Duration SHOP_PATIENCE = Duration.ofSeconds(15);

    private static final int OK = 200;

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
        Settings settings =
                options.settings(chosen).asDemo(examples().toString(), GitIdentity.ofUser());
        Host.swapWarning()
                .ifPresent(warning -> spec.commandLine().getErr().println("warning: " + warning));
        Endpoint endpoint = new Launch(chosen, display).ensureRunning(settings);
        display.done(
                "control plane and node answer at "
                        + endpoint.apiServer()
                        + " (runtime "
                        + endpoint.runtime()
                        + ", "
                        + display.elapsed()
                        + ")");
        Optional<IngressUrl> shop;
        try (ServerClient client = ServerClient.open(chosen, endpoint)) {
            JsonNode status = awaitReady(client, display);
            display.done(
                    status.path("pods").path("ready").asInt()
                            + " of "
                            + status.path("pods").path("total").asInt()
                            + " pods Ready ("
                            + display.elapsed()
                            + ")");
            shop = awaitShop(client, endpoint, display);
        }
        new NextSteps(chosen, endpoint, shop).print(out);
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

    /** Where the shop really answers; empty, and said, if it does not. */
    private static Optional<IngressUrl> awaitShop(
            ServerClient client, Endpoint endpoint, Display display) throws InterruptedException {
        if (endpoint.runtime().equals("simulated")) {
            return Optional.empty();
        }
        long deadline = System.nanoTime() + SHOP_PATIENCE.toNanos();
        Optional<IngressUrl> found = Optional.empty();
        int answer = 0;
        while (System.nanoTime() < deadline) {
            if (found.isEmpty()) {
                found = IngressUrl.of(client, Launch.status(client));
            }
            answer = found.map(IngressUrl::answer).orElse(0);
            if (answer == OK) {
                display.done(
                        "the shop answers at "
                                + found.map(IngressUrl::url).orElse("")
                                + " ("
                                + display.elapsed()
                                + ")");
                return found;
            }
            display.show("waiting for the shop to answer through its Ingress");
            Thread.sleep(LOOK_EVERY);
        }
        display.done(
                found.isEmpty()
                        ? "no Ingress is answered on this machine yet; shiplog logs may say why"
                        : "the shop does not answer through its Ingress yet ("
                                + (answer == 0 ? "no answer" : "status " + answer)
                                + "); ask again with: "
                                + found.get().curl());
        return Optional.empty();
    }

    private static String activity(JsonNode status) {
        List<String> activities = lines(status.path("activity"));
        if (status.path("pods").path("total").asInt() == 0) {
            return activities.isEmpty() ? "starting the node" : activities.getFirst();
        }
        String pods =
                status.path("pods").path("ready").asInt()
                        + " of "
                        + status.path("pods").path("total").asInt()
                        + " pods Ready";
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
