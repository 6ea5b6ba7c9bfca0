package dev.shiplog.cli;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.NodeOptions;
import dev.shiplog.boot.NodeServer;
import dev.shiplog.boot.Profile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.Optional;

/** {@code -p NAME}: which cluster. */
final class ProfileOption {
    private static final String DEFAULT = "default";

    @Option(
            names = {"-p", "--profile"},
            paramLabel = "NAME",
            description =
                    "The cluster on this machine (default: what \"config set profile\" said, or"
                            + " default).")
    private @Nullable String name;

    Profile profile() {
        return Profile.of(name == null ? usual() : name, System.getenv());
    }

    /** The cluster that is meant where nothing is said. */
    private static String usual() {
        try {
            return Config.read(System.getenv()).values().getOrDefault(Config.PROFILE, DEFAULT);
        } catch (IOException e) {
            throw new CommandFailure(
                    Config.file(System.getenv()) + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The profile, which must exist. */
    Profile existing() {
        Profile profile = profile();
        if (!profile.exists()) {
            joined(profile)
                    .ifPresent(server -> {
                        throw new CommandFailure(
                                "\""
                                        + profile.name()
                                        + "\" is this machine as a node of the cluster at "
                                        + server
                                        + ", which has the log and knows the node: ask there (kubectl get"
                                        + " nodes, shiplog log)");
                    });
            throw new CommandFailure(
                    "there is no cluster \""
                            + profile.name()
                            + "\" at "
                            + profile.folder()
                            + ": make one with \"shiplog demo\" or \"shiplog start\"");
        }
        return profile;
    }

    /** The cluster that a profile is a node of, if it is one. */
    private static Optional<String> joined(Profile profile) {
        try {
            return NodeOptions.read(NodeServer.settings(profile)).map(NodeOptions::server);
        } catch (IOException e) {
            throw new CommandFailure(profile.folder() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Where the profile's server answers; it must run. */
    Endpoint running() {
        Profile profile = existing();
        return Endpoint.read(profile.endpoint())
                .orElseThrow(() ->
                        new CommandFailure(
                                "cluster \""
                                        + profile.name()
                                        + "\" is stopped: start it with \"shiplog start"
                                        + suffix(profile)
                                        + "\""));
    }

    /** {@code " -p NAME"} where a printed command needs it. */
    static String suffix(Profile profile) {
        return profile.name().equals(usual()) ? "" : " -p " + profile.name();
    }
}
