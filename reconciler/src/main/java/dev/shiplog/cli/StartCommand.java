package dev.shiplog.cli;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Host;
import dev.shiplog.boot.Ports;
import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Settings;
import dev.shiplog.boot.SettingsFile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code shiplog start}: a cluster with an empty repository, or the one that was stopped. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description =
                "Start the cluster, or start it again; pods that still run are taken up, not restarted.")
final class StartCommand implements Callable<Integer> {
    @Mixin private final ProfileOption profile = new ProfileOption();

    @Mixin private final StartOptions options = new StartOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin private final NodeTimesOptions nodeTimes = new NodeTimesOptions();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Profile chosen = profile.profile();
        Display display = new Display(out, Display.onTerminal());
        Settings settings = options.settings(chosen);
        nodeTimes.keep(chosen);
        Host.swapWarning().ifPresent(this::warn);
        if (Endpoint.read(chosen.endpoint()).isPresent()
                && !settings.equals(SettingsFile.read(chosen.settings()))) {
            SettingsFile.write(settings, chosen.settings());
            String suffix = ProfileOption.suffix(chosen);
            warn(
                    "the cluster runs already; what is new in this command holds from its next start"
                            + " on: shiplog stop"
                            + suffix
                            + " && shiplog start"
                            + suffix);
        }
        Optional<Integer> before = Ports.last(chosen);
        Endpoint endpoint = new Launch(chosen, display).ensureRunning(settings);
        if (settings.port() == 0) {
            before.filter(port -> port != URI.create(endpoint.apiServer()).getPort())
                    .ifPresent(port -> moved(port, endpoint));
        }
        if (settings.follow().isPresent()) {
            look(chosen, endpoint, display);
        }
        display.done(
                "Cluster \""
                        + chosen.name()
                        + "\" answers at "
                        + endpoint.apiServer()
                        + " (runtime "
                        + endpoint.runtime()
                        + ", "
                        + display.elapsed()
                        + ").");
        out.println("  export KUBECONFIG=" + chosen.kubeconfig());
        out.println("  " + CloneCommand.gitClone(chosen, endpoint));
        out.flush();
        return 0;
    }

    /** Waits for the repository that the cluster follows, but not for ever. */
    private void look(Profile chosen, Endpoint endpoint, Display display) {
        display.show("reading " + endpoint.git());
        try (ServerClient client = ServerClient.open(chosen, endpoint)) {
            FirstLook.await(() -> Launch.status(client))
                    .ifPresent(trouble ->
                            warn(
                                    trouble
                                            + "; the cluster goes on trying, and shiplog status"
                                            + ProfileOption.suffix(chosen)
                                            + " shows how it stands"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while the repository was read", e);
        }
    }

    private void moved(int before, Endpoint endpoint) {
        warn(
                "port "
                        + before
                        + ", where the cluster answered before, is taken by another program. The kubeconfig"
                        + " is written anew"
                        + (CloneCommand.own(endpoint)
                                ? "; a clone finds the cluster again after: git remote set-url origin "
                                        + endpoint.git()
                                : ""));
    }

    private void warn(String what) {
        spec.commandLine().getErr().println("warning: " + what);
        spec.commandLine().getErr().flush();
    }
}
