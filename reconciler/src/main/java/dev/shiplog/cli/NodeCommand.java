package dev.shiplog.cli;

import dev.shiplog.boot.HeapGrowth;
import dev.shiplog.boot.Logging;
import dev.shiplog.boot.NativeCrypto;
import dev.shiplog.boot.NodeOptions;
import dev.shiplog.boot.NodeServer;
import dev.shiplog.boot.Profile;
import dev.shiplog.boot.SettingsFile;
import dev.shiplog.node.link.remote.LinkTimes;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.kind.LabelSyntax;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.logging.Level;

/**
 * {@code shiplog node}: this machine as a node of a cluster whose control plane is elsewhere. In
 * the foreground, for a service manager.
 */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = {
            "Run pods here for a cluster whose control plane is on another machine.",
            "The first time it needs --server, --token and --ca-hash (or --ca): \"shiplog token"
                    + " create\" on the control plane prints the whole command. What it was told is"
                    + " kept, all but the token, and it has a certificate of its own from then on."
        })
final class NodeCommand implements Callable<Integer> {
    @Option(
            names = {"-p", "--profile"},
            paramLabel = "NAME",
            defaultValue = "node",
            description = "The folder of this node on this machine (default: ${DEFAULT-VALUE}).")
    private String profile = "node";

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Where the control plane answers, such as https://10.0.0.1:6443.")
    private @Nullable String server;

    @Option(names = "--token", paramLabel = "TOKEN", description = "A token to join with.")
    private @Nullable String token;

    @Option(
            names = "--ca-hash",
            paramLabel = "HASH",
            description = "What the cluster's authority is known by: sha256:<hex>.")
    private @Nullable String authorityHash;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "The certificate of the cluster's authority, instead of --ca-hash.")
    private @Nullable Path authority;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The node's name (default: this machine's host name).")
    private @Nullable String name;

    @Option(
            names = "--runtime",
            paramLabel = "RUNTIME",
            description = "What runs containers: auto, docker, process or simulated.")
    private StartOptions.@Nullable RuntimeChoice runtime;

    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description = "A label of the node; may be given more than once.")
    private @Nullable TreeMap<String, String> labels;

    @Mixin private final RegistryOptions registries = new RegistryOptions();

    @Mixin private final ProxyOptions proxies = new ProxyOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logging.configure(Level.INFO);
        NativeCrypto.prefer();
        Profile folder = Profile.of(profile, System.getenv());
        if (folder.exists()) {
            throw new CommandFailure(
                    "profile \""
                            + profile
                            + "\" is a cluster of its own: choose another with --profile");
        }
        NodeOptions options = options(NodeOptions.read(NodeServer.settings(folder)));
        folder.create();
        if (registries.given() || proxies.given()) {
            SettingsFile.write(
                    proxies.over(registries.over(SettingsFile.read(folder.settings()))),
                    folder.settings());
        }
        try (NodeServer node = NodeServer.start(folder, options, LinkTimes.DEFAULT);
                HeapGrowth _ = HeapGrowth.watch()) {
            node.awaitEnd();
        }
        return 0;
    }

    private NodeOptions options(Optional<NodeOptions> kept) {
        String where =
                Optional.ofNullable(server)
                        .or(() -> kept.map(NodeOptions::server))
                        .orElseThrow(() ->
                                new ParameterException(
                                        spec.commandLine(),
                                        "expected --server URL: this machine is no node yet;"
                                                + " \"shiplog token create\" on the control plane"
                                                + " prints the whole command"));
        SortedMap<String, String> told =
                labels == null
                        ? kept.map(NodeOptions::labels).orElseGet(TreeMap::new)
                        : new TreeMap<>(labels);
        // The control plane would take them, and then refuse every change of that Node.
        LabelSyntax.objections(told).stream()
                .findFirst()
                .ifPresent(objection -> {
                    throw new ParameterException(spec.commandLine(), "--label: " + objection);
                });
        return new NodeOptions(
                url(where),
                name(kept),
                runtime == null
                        ? kept.map(NodeOptions::runtime).orElse("auto")
                        : runtime.name().toLowerCase(Locale.ROOT),
                told,
                Optional.ofNullable(token),
                Optional.ofNullable(authorityHash),
                Optional.ofNullable(authority));
    }

    private String url(String text) {
        try {
            URI uri = new URI(text);
            if ("https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && (uri.getPath() == null || uri.getPath().replace("/", "").isEmpty())) {
                return "https://" + uri.getRawAuthority();
            }
        } catch (URISyntaxException _) {
            // An address without a scheme is none either.
        }
        throw new ParameterException(
                spec.commandLine(),
                "expected --server such as https://10.0.0.1:6443, found \"" + text + "\"");
    }

    private String name(Optional<NodeOptions> kept) {
        String chosen =
                Optional.ofNullable(name)
                        .or(() -> kept.map(NodeOptions::name))
                        .orElseGet(NodeCommand::hostName)
                        .toLowerCase(Locale.ROOT);
        if (!NodeName.isValid(chosen)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "expected a node name of lower-case letters, digits, dashes and dots, found \""
                            + chosen
                            + "\"; choose one with --name");
        }
        return chosen;
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException _) {
            // Not Linux: whoever resolves names knows.
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException _) {
            return "";
        }
    }
}
