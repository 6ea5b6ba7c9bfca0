package dev.shiplog.cli;

import dev.shiplog.boot.NodeOptions;
import dev.shiplog.boot.NodeServer;
import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Runtimes;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code shiplog delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description =
                "Delete the cluster: pods, networks, its log, its repository, its keys. There is no way back.")
final class DeleteCommand implements Callable<Integer> {
    @Mixin private final ProfileOption profile = new ProfileOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Profile chosen = profile.profile();
        if (!java.nio.file.Files.exists(chosen.folder())) {
            spec.commandLine().getOut().println("There is no cluster \"" + chosen.name() + "\".");
            spec.commandLine().getOut().flush();
            return 0;
        }
        Optional<NodeOptions> joined = NodeOptions.read(NodeServer.settings(chosen));
        Shutdown.stop(chosen);
        // Containers first: while the folder is there, a failed attempt can be repeated.
        Runtimes.purge(chosen);
        chosen.deleteFolder();
        spec.commandLine()
                .getOut()
                .println(
                        joined.map(node ->
                                        "Node \""
                                                + node.name()
                                                + "\" is gone from this machine; its cluster"
                                                + " forgets it after: kubectl delete node "
                                                + node.name())
                                .orElse("Cluster \"" + chosen.name() + "\" is gone."));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
