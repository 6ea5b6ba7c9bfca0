package dev.shiplog.cli;

import dev.shiplog.boot.Profile;
import dev.shiplog.boot.SealingKeys;
import dev.shiplog.resource.secret.PublicSealingKey;
import dev.shiplog.resource.yaml.SecretSealing;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * {@code shiplog seal}: seals the Secrets of a manifest, so that it can be committed. Needs the
 * public key only, and no running cluster.
 */
@Command(
        name = "seal",
        mixinStandardHelpOptions = true,
        description = "Seal the Secrets of a manifest for a cluster, so that it can be committed.")
final class SealCommand implements Callable<Integer> {
    /** As much as a manifest may have. */
    private static final int MAX_BYTES = 3 * 1024 * 1024;

    @Mixin private final ProfileOption profile = new ProfileOption();

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            defaultValue = "-",
            description = "The manifest, - for the standard input (default: ${DEFAULT-VALUE}).")
    private String file = "-";

    @Option(
            names = {"-i", "--in-place"},
            description = "Write the file itself instead of the standard output.")
    private boolean inPlace;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "Of Secrets that name none (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description =
                    "The public key to seal to; by default that of the cluster on this machine.")
    private @Nullable Path certificate;

    @Option(names = "--public-key", description = "Print the public key, for --cert elsewhere.")
    private boolean printKey;

    @Option(
            names = "--rotate",
            description = "Make a new key. It seals from now on; the old ones still open.")
    private boolean rotate;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (rotate) {
            Profile chosen = profile.existing();
            PublicSealingKey fresh = SealingKeys.open(chosen.secrets()).rotate();
            out.println(fresh);
        } else if (printKey) {
            out.println(key());
        } else {
            seal(out);
        }
        out.flush();
        return 0;
    }

    private void seal(PrintWriter out) throws IOException {
        boolean standard = file.equals("-");
        if (standard && inPlace) {
            throw new CommandFailure("expected -f FILE along with -i, found none");
        }
        if (!standard && Files.isDirectory(Path.of(file))) {
            throw new CommandFailure("expected a manifest, found the folder " + file);
        }
        byte[] content =
                standard ? System.in.readNBytes(MAX_BYTES + 1) : Files.readAllBytes(Path.of(file));
        SecretSealing.Result result =
                SecretSealing.seal(
                        standard ? "standard input" : file, content, namespace, key()::seal);
        if (!result.problems().isEmpty()) {
            throw new CommandFailure(
                    result.problems().stream()
                            .map(Object::toString)
                            .collect(Collectors.joining("\n")));
        }
        if (inPlace) {
            Files.writeString(Path.of(file), result.text());
            out.println(file + ": " + count(result.values()) + " sealed");
        } else {
            out.print(result.text());
        }
    }

    private static String count(int values) {
        return values == 1 ? "1 value" : values + " values";
    }

    private PublicSealingKey key() throws IOException {
        if (certificate != null) {
            return PublicSealingKey.parse(Files.readString(certificate, StandardCharsets.UTF_8));
        }
        Optional<PublicSealingKey> found = SealingKeys.publicKey(profile.existing().secrets());
        return found.orElseThrow(() ->
                new CommandFailure(
                        "expected a public key in "
                                + profile.existing().secrets()
                                + ", found none: start the cluster once, or name a key with --cert"));
    }
}
