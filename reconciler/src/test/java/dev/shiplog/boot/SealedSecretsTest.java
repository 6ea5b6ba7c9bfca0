package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.resource.yaml.SecretSealing;

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

    /** What is written through kubectl, in each of its ways, stands nowhere in the plain. */
    @Test
    void noFileShowsWhatKubectlWrote() throws Exception {
        Profile profile = profile();
        try (Server _ = Server.start(profile, settings(Optional.empty(), false))) {
            kubectl(
                    profile,
                    "create",
                    "secret",
                    "generic",
                    "made",
                    "--from-literal=password=" + VALUE,
                    "--from-literal=user=ann");
            Path applied = folder.resolve("applied.yaml");
            Files.writeString(
                    applied,
                    "apiVersion: v1\nkind: Secret\nmetadata: {name: applied}\nstringData:\n  password: "
                            + VALUE
                            + "\n");
            kubectl(profile, "apply", "-f", applied.toString());
            kubectl(
                    profile,
                    "apply",
                    "--server-side",
                    "--force-conflicts",
                    "-f",
                    applied.toString());
            String before = file(profile, "made");
            kubectl(
                    profile,
                    "patch",
                    "secret",
                    "made",
                    "-p",
                    "{\"stringData\":{\"user\":\"bob\"}}");
            kubectl(profile, "label", "secret", "made", "tier=db");
            String after = file(profile, "made");
            assertEquals(line(before, "password: "), line(after, "password: "), "sealed anew");
            assertFalse(line(before, "user: ").equals(line(after, "user: ")), after);
            String printed = kubectl(profile, "get", "secret", "made", "-o", "yaml");
            assertTrue(printed.contains("password: " + base64(VALUE)), printed);
            assertTrue(printed.contains("user: " + base64("bob")), printed);
            assertTrue(
                    kubectl(profile, "get", "secret", "applied", "-o", "yaml").contains(VALUE),
                    "kubectl apply finds what it applied last");
            Path edited = folder.resolve("edited.yaml");
            Files.writeString(edited, printed.replace(base64("bob"), base64("eve")));
            kubectl(profile, "replace", "-f", edited.toString());
            assertEquals(line(before, "password: "), line(file(profile, "made"), "password: "));
        }
        assertEquals(List.of(), leaks(profile.folder()));
        String objects = git(profile.repository(), "cat-file", "--batch", "--batch-all-objects");
        assertTrue(objects.contains("password: sealed:v1:"), objects);
        assertFalse(objects.contains(VALUE) || objects.contains(base64(VALUE)), objects);
        assertFalse(git(profile.repository(), "log", "main").contains(VALUE));
        try (Server _ = Server.start(profile, settings(Optional.empty(), false))) {
            assertEquals(
                    base64(VALUE),
                    kubectl(profile, "get", "secret", "made", "-o", "jsonpath={.data.password}"));
        }
        assertEquals(List.of(), leaks(profile.folder()));
    }

    /**
     * Of a repository that runs: it gets what was committed when somebody asks for its branches.
     */
    private String file(Profile profile, String secret) throws Exception {
        kubectl(profile, "get", "--raw", "/git/cluster.git/info/refs?service=git-upload-pack");
        return git(profile.repository(), "show", "main:default/secret-" + secret + ".yaml");
    }

    private static String line(String text, String begin) {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line " + begin + " in\n" + text));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Settings settings(Optional<String> seed, boolean allowPlain) {
        return Settings.DEFAULT
                .change()
                .runtime("simulated")
                .seed(seed)
                .allowPlainSecrets(allowPlain)
                .build();
    }

    private Profile profile() throws IOException {
        Profile profile = new Profile("test", folder.resolve("test"));
        profile.create();
        return profile;
    }

    private void run(Profile profile, String manifest, boolean allowPlain) throws Exception {
        Path seed = Files.createDirectories(folder.resolve("seed"));
        Files.writeString(seed.resolve("db.yaml"), manifest);
        Settings settings = settings(Optional.of(seed.toString()), allowPlain);
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
