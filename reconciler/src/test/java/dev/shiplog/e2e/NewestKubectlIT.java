package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The sessions that a kubectl newer than the cluster must go through as well: waiting, rollouts,
 * applying, deleting, watching. {@code ops/test} fetches it and names it by {@code
 * -Dkubectl.newest=PATH}; {@code -Dgolden=write} writes down what is printed now.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(
        named = "kubectl.newest",
        matches = ".+",
        disabledReason = "ops/test could not fetch a newer kubectl; it says why at its beginning")
final class NewestKubectlIT {
    private static final Path FOLDER = Path.of("src/test/resources/acceptance/newest");

    private TestCluster cluster;
    private Shell shell;

    @BeforeAll
    void makeCluster() throws IOException {
        Path kubectl = Path.of(System.getProperty("kubectl.newest")).toAbsolutePath();
        cluster = new TestCluster("newest");
        cluster.shiplog("start", "--runtime", "process").ok();
        KubectlSessionsIT.importBusybox(cluster);
        shell =
                cluster.shell()
                        .with("PATH", kubectl.getParent() + ":" + System.getenv("PATH"))
                        .in(cluster.base());
    }

    @AfterAll
    void removeCluster() {
        cluster.close();
    }

    static List<Path> sessions() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void printsWhatKubernetesPrints(Path session) throws IOException {
        String now = new KubectlScript(shell).play(session);
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(session, now);
        }
        assertEquals(Files.readString(session), now);
    }
}
