package dev.shiplog.cli;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;

import picocli.CommandLine.Option;

/** {@code -p NAME}: which cluster. */
final class ProfileOption {
    @Option(
            names = {"-p", "--profile"},
            paramLabel = "NAME",
            defaultValue = "default",
            description = "The cluster on this machine (default: ${DEFAULT-VALUE}).")
    private String name = "default";

    Profile profile() {
        return Profile.of(name, System.getenv());
    }

    /** The profile, which must exist. */
    Profile existing() {
        Profile profile = profile();
        if (!profile.exists()) {
            throw new CommandFailure(
                    "there is no cluster \""
                            + profile.name()
                            + "\" at "
                            + profile.folder()
                            + ": make one with \"shiplog demo\" or \"shiplog start\"");
        }
        return profile;
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
        return profile.name().equals("default") ? "" : " -p " + profile.name();
    }
}
