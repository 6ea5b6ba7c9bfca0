package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.node.runtime.BusyboxImage;

import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Sessions with the real kubectl on real containers, beside what Kubernetes itself prints and ends
 * with. {@code -Dgolden=write} writes down what is printed now, and a person reads the difference.
 * The sessions share one cluster, in the order of their names.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KubectlSessionsIT {
    private static final Path FOLDER = Path.of("src/test/resources/acceptance");

    private TestCluster cluster;

    @BeforeAll
    void makeCluster() throws IOException {
        cluster = new TestCluster("acceptance");
        cluster.shiplog("start", "--runtime", "process").ok();
        importBusybox(cluster);
        try (var files = Files.list(FOLDER.resolve("files"))) {
            for (Path file : files.toList()) {
                Files.copy(file, cluster.base().resolve(file.getFileName()));
            }
        }
    }

    /** No registry is asked: the image is this machine's busybox. */
    static void importBusybox(TestCluster cluster) throws IOException {
        Path archive = cluster.base().resolve("busybox.tar");
        try (OutputStream out = Files.newOutputStream(archive)) {
            BusyboxImage.rootfsTar(BusyboxImage.onThisMachine().orElseThrow(), out);
        }
        cluster.shiplog("image", "import", archive.toString(), "busybox:1.37").ok();
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
        String now = new KubectlScript(cluster.shell()).play(session);
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(session, now);
        }
        String then = Files.readString(session);
        assertEquals("", difference(then, now), () -> session + " printed something else");
    }

    /** The lines that differ, with some around them, as {@code diff -u} shows them. */
    private static String difference(String then, String now) throws IOException {
        RawText from = new RawText(then.getBytes(StandardCharsets.UTF_8));
        RawText to = new RawText(now.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DiffFormatter formatter = new DiffFormatter(out)) {
            formatter.format(
                    new HistogramDiff().diff(RawTextComparator.DEFAULT, from, to), from, to);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
