package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.resource.yaml.SecretSealing;
import dev.shiplog.source.WriteMode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A whole cluster in which a pod uses a Secret, and no file of which shows the Secret's value. */
class SealedSecretsTest {
    private static final String VALUE = "correct-horse-battery-staple";
    private static final String MANIFEST =
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: db}
            stringData:
              password: %s # in use
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
                - name: web
                  image: busybox:1.37
                  command: [run]
                  env:
                    - name: PASSWORD
                      valueFrom: {secretKeyRef: {name: db, key: password}}
            """
                    .formatted(VALUE);

    @TempDir Path folder;

    @Test
    void noFileOfTheClusterShowsASealedValue() throws Exception {
        Profile profile = profile();
        SealingKeys keys = SealingKeys.open(profile.secrets());
        SecretSealing.Result sealed =
                SecretSealing.seal(
                        "db.yaml",
                        MANIFEST.getBytes(StandardCharsets.UTF_8),
                        "default",
                        keys.get()::seal);
        run(profile, sealed.text(), false);
        assertEquals(List.of(), leaks(profile.folder()));
        String objects = git(profile.repository(), "cat-file", "--batch", "--batch-all-objects");
        assertTrue(objects.contains("password: sealed:v1:"), objects);
        assertFalse(objects.contains(VALUE), objects);
        try (Stream<Path> files = Files.list(profile.secrets())) {
            for (Path file : files.toList()) {
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                        file.toString());
            }
        }
    }

    /** Git has what was pushed; nothing else has. */
    @Test
    void aPlainSecretThatIsAllowedIsSealedBeforeTheLog() throws Exception {
        Profile profile = profile();
        run(profile, MANIFEST, true);
        assertEquals(List.of(), leaks(profile.folder()));
    }

    private Profile profile() throws IOException {
        Profile profile = new Profile("test", folder.resolve("test"));
        profile.create();
        return profile;
    }

    private void run(Profile profile, String manifest, boolean allowPlain) throws Exception {
        Path seed = Files.createDirectories(folder.resolve("seed"));
        Files.writeString(seed.resolve("db.yaml"), manifest);
        Settings settings =
                new Settings(
                        "simulated",
                        0,
                        Optional.of(seed.toString()),
                        false,
                        Optional.empty(),
                        allowPlain,
                        WriteMode.COMMIT,
                        Optional.empty());
        for (int start = 1; start <= 2; start++) {
            try (Server _ = Server.start(profile, settings)) {
                kubectl(profile, "wait", "--for=condition=Ready", "pod/web", "--timeout=60s");
                assertEquals(
                        Base64.getEncoder().encodeToString(VALUE.getBytes(StandardCharsets.UTF_8)),
                        kubectl(profile, "get", "secret", "db", "-o", "jsonpath={.data.password}"));
            }
        }
    }

    /** Files that hold the value, as it is or in base64. */
    private static List<String> leaks(Path folder) throws IOException {
        String base64 = Base64.getEncoder().encodeToString(VALUE.getBytes(StandardCharsets.UTF_8));
        List<String> leaks = new ArrayList<>();
        int seen = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                seen++;
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (content.contains(VALUE) || content.contains(base64)) {
                    leaks.add(folder.relativize(file).toString());
                }
            }
        }
        assertTrue(seen > 10, "expected the files of a cluster, found " + seen);
        return leaks;
    }

    private String kubectl(Profile profile, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.add("--kubeconfig=" + profile.kubeconfig());
        command.add("--cache-dir=" + folder.resolve("cache"));
        command.addAll(List.of(arguments));
        return output(command);
    }

    private static String git(Path repository, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "--git-dir=" + repository));
        command.addAll(List.of(arguments));
        return output(command);
    }

    private static String output(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertTrue(process.waitFor(90, TimeUnit.SECONDS), "did not end: " + command);
        assertEquals(0, process.exitValue(), command + "\n" + output);
        return output;
    }
}
