package dev.shiplog.cli;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Settings;
import dev.shiplog.boot.SettingsFile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code shiplog clone DIR}: the cluster's repository, ready to push from. */
@Command(
        name = "clone",
        mixinStandardHelpOptions = true,
        description =
                "Clone the cluster's repository, with the CA and credential that this clone needs to push.")
final class CloneCommand implements Callable<Integer> {
    @Mixin private final ProfileOption profile = new ProfileOption();

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "Where to (default: ./cluster).")
    private @Nullable String folder;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Endpoint endpoint = profile.running();
        List<String> command = command(profile.profile(), endpoint);
        if (folder != null) {
            command.add(folder);
        }
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new CommandFailure("git clone ended with exit code " + code);
        }
        return 0;
    }

    /**
     * The plain {@code git clone} line. What {@code -c} sets holds for this clone only and stays
     * with it.
     */
    static String gitClone(Profile profile, Endpoint endpoint) {
        return String.join(" ", command(profile, endpoint));
    }

    private static Settings settings(Profile profile) {
        try {
            return SettingsFile.read(profile.settings());
        } catch (IOException e) {
            throw new CommandFailure(profile.settings() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether the cluster serves the repository itself. */
    static boolean own(Endpoint endpoint) {
        return endpoint.git().startsWith(endpoint.apiServer() + "/");
    }

    private static List<String> command(Profile profile, Endpoint endpoint) {
        if (!own(endpoint)) {
            // Of a server that others vouch for, and who clones has credentials of their own there.
            List<String> plain = new ArrayList<>(List.of("git", "clone"));
            settings(profile)
                    .follow()
                    .flatMap(Settings.Follow::caFile)
                    .ifPresent(file -> plain.addAll(List.of("-c", "http.sslCAInfo=" + file)));
            plain.add(endpoint.git());
            return plain;
        }
        return new ArrayList<>(
                List.of(
                        "git",
                        "clone",
                        "-c",
                        "http.sslCAInfo=" + profile.tls().resolve("ca.crt"),
                        "-c",
                        // A GIT_SSL_CAINFO in the environment would win over the line above; this
                        // adds to it.
                        "http.sslCAPath=" + profile.tls().resolve("authority"),
                        "-c",
                        "http.sslCert=" + profile.tls().resolve("admin.crt"),
                        "-c",
                        "http.sslKey=" + profile.tls().resolve("admin.key"),
                        endpoint.git()));
    }
}
