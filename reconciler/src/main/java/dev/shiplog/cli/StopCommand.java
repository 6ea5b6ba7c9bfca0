package dev.shiplog.cli;

import dev.shiplog.boot.NodeServer;
import dev.shiplog.boot.Profile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.util.concurrent.Callable;

/** {@code shiplog stop}. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description =
                "Stop control plane and node. Pods keep running and are taken up at the next start.")
final class StopCommand implements Callable<Integer> {
    @Mixin private final ProfileOption profile = new ProfileOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        boolean joined = Files.exists(NodeServer.settings(profile.profile()));
        Profile existing = joined ? profile.profile() : profile.existing();
        boolean was = Shutdown.stop(existing);
        spec.commandLine()
                .getOut()
                .println(
                        (joined ? "Node \"" : "Cluster \"")
                                + existing.name()
                                + "\" "
                                + (was
                                        ? "stopped; its pods keep running."
                                        : "was stopped already."));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
