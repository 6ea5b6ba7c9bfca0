package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the real kubectl prints. Golden file {@code kubectl-reads.txt}: commands and their whole
 * output. Run with {@code -Dgolden.write=true} to write it anew, then read the difference.
 */
class KubectlReadTest {
    private static final Path GOLDEN =
            Path.of("src/test/resources/dev/shiplog/api/server/kubectl-reads.txt");

    @TempDir static Path folder;
    private static TestCluster cluster;
    private static Kubectl kubectl;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                TestCluster.populated(
                        folder,
                        (pod, container, previous, query, out) ->
                                out.write(
                                        (pod.key().name() + " " + container + "\n")
                                                .getBytes(StandardCharsets.UTF_8)));
        kubectl = new Kubectl(folder);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void printsAsKubernetesDoes() throws Exception {
        StringBuilder found = new StringBuilder();
        for (String line : Files.readAllLines(GOLDEN)) {
            if (!line.startsWith("$ ")) {
                continue;
            }
            Kubectl.Result result = kubectl.run(words(line.substring("$ kubectl ".length())));
            found.append(line).append('\n').append(result.out()).append(result.err());
            if (result.exit() != 0) {
                found.append("exit code ").append(result.exit()).append('\n');
            }
            found.append('\n');
        }
        String text = found.toString().replaceAll("[ \t]+\n", "\n");
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(GOLDEN, text);
        }
        assertEquals(Files.readString(GOLDEN), text);
    }

    @Test
    void serverVersionIsNamed() throws Exception {
        assertTrue(kubectl.ok("version").contains("Server Version: v1.34.0+shiplog"));
    }

    @Test
    void rawPathsPassThrough() throws Exception {
        assertEquals("ok", kubectl.ok("get", "--raw", "/readyz"));
        assertTrue(kubectl.ok("get", "--raw", "/api/v1/nodes/n1").contains("\"kind\":\"Node\""));
    }

    /** Splits at blanks outside of single quotes. */
    private static String[] words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                words.add(word.toString());
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        words.add(word.toString());
        return words.toArray(String[]::new);
    }
}
