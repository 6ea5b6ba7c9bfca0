package dev.shiplog.cli;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;

/** {@code shiplog dashboard}: the cluster as a page in a browser. */
@Command(
        name = "dashboard",
        mixinStandardHelpOptions = true,
        description =
                "Open a page that shows nodes, pods and commits; its address lets in one browser,"
                        + " once, within a minute.")
final class DashboardCommand implements Callable<Integer> {
    private static final Duration ASK = Duration.ofSeconds(10);

    @Mixin private final ProfileOption profile = new ProfileOption();

    @Option(names = "--url", description = "Only print the address, open nothing.")
    private boolean url;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        Endpoint endpoint = profile.running();
        Profile chosen = profile.profile();
        String address;
        try (ServerClient client = ServerClient.open(chosen, endpoint)) {
            address =
                    endpoint.apiServer()
                            + client.post("/shiplog/v1/dashboard", "{}", ASK).path("path").asText();
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(address);
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        if (!url && !Browser.open(address)) {
            err.println("There is no browser here: open the address in one, within a minute.");
        }
        if (!url) {
            err.println(
                    "A browser warns of a certificate that it does not know: this cluster's"
                            + " authority is "
                            + chosen.tls().resolve("ca.crt"));
        }
        err.flush();
        return 0;
    }
}
