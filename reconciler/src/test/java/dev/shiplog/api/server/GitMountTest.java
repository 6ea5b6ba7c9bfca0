package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.source.GitRepository;
import dev.shiplog.source.Pusher;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/** The door of Git: with the real git for TLS and credentials, with a plain client for the rest. */
class GitMountTest {
    private static final String COMMIT = "1234567890123456789012345678901234567890";

    @TempDir Path folder;
    private final FakeRepository repository = new FakeRepository();
    private TestCluster cluster;
    private Client admin;

    /** Advertises one branch; echoes what is sent. */
    private static final class FakeRepository implements GitRepository {
        private volatile String protocol = "none";

        @Override
        public void infoRefs(Service service, String version, OutputStream out) throws IOException {
            protocol = version;
            packet(out, "# service=" + service.wireName() + "\n");
            out.write("0000".getBytes(StandardCharsets.US_ASCII));
            packet(out, COMMIT + " refs/heads/main\0report-status agent=test\n");
            out.write("0000".getBytes(StandardCharsets.US_ASCII));
        }

        private static void packet(OutputStream out, String text) throws IOException {
            out.write(
                    ("%04x".formatted(text.length() + 4) + text)
                            .getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void uploadPack(InputStream in, boolean gzip, OutputStream out, String version)
                throws IOException {
            // As Git does: the answer begins when the question has ended.
            out.write(in.readAllBytes());
        }

        @Override
        public void receivePack(InputStream in, boolean gzip, OutputStream out, Pusher pusher)
                throws IOException {
            long length = in.transferTo(OutputStream.nullOutputStream());
            out.write((pusher.name() + " sent " + length).getBytes(StandardCharsets.UTF_8));
        }
    }

    @BeforeEach
    void start() throws Exception {
        cluster =
                TestCluster.empty(
                        folder,
                        (_, _, _, _, _) -> {},
                        List.of(),
                        Optional.of(name ->
                                name.equals("cluster")
                                        ? Optional.of(repository)
                                        : Optional.empty()));
        admin = Client.admin(cluster);
    }

    @AfterEach
    void stop() {
        admin.close();
        cluster.close();
    }

    private String git(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "git",
                                "-c",
                                "credential.helper=",
                                "-c",
                                "http.sslCAInfo=" + cluster.tls.authorityFile()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        builder.environment().put("HOME", folder.toString());
        builder.environment().remove("GIT_SSL_CAINFO");
        Path output = Files.createTempFile(folder, "git", ".out");
        Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("git did not end");
        }
        return process.exitValue() + " " + Files.readString(output).strip();
    }

    @Test
    void gitAcceptsTheCertificates() throws Exception {
        assertEquals(
                "0 " + COMMIT + "\trefs/heads/main",
                git(
                        "-c",
                        "http.sslCert=" + cluster.tls.adminCertificateFile(),
                        "-c",
                        "http.sslKey=" + cluster.tls.adminKeyFile(),
                        "-c",
                        "protocol.version=2",
                        "ls-remote",
                        cluster.url() + "/git/cluster.git"));
        assertEquals("version=2", repository.protocol);
    }

    @Test
    void gitMayUseTheTokenInstead() throws Exception {
        String token = Files.readString(folder.resolve("token")).strip();
        String url = cluster.url().replace("https://", "https://admin:" + token + "@");
        assertEquals(
                "0 " + COMMIT + "\trefs/heads/main", git("ls-remote", url + "/git/cluster.git"));
        String refused = git("ls-remote", cluster.url() + "/git/cluster.git");
        assertTrue(refused.startsWith("128"), refused);
        assertTrue(
                git("ls-remote", url + "/git/other.git").contains("not found"),
                "a repository that is not there");
    }

    @Test
    void bodiesAreStreamedBothWays() throws Exception {
        byte[] pack = new byte[20 << 20];
        new java.util.Random(3).nextBytes(pack);
        HttpResponse<byte[]> fetched = admin.send("POST", "/git/cluster.git/git-upload-pack", pack);
        assertEquals(200, fetched.statusCode());
        assertEquals(
                "application/x-git-upload-pack-result",
                fetched.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("no-cache", fetched.headers().firstValue("Cache-Control").orElseThrow());
        assertTrue(java.util.Arrays.equals(pack, fetched.body()));
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(new byte[5000]);
        }
        assertEquals(
                "admin sent 5000",
                Client.text(
                        admin.send(
                                "POST",
                                "/git/cluster.git/git-receive-pack",
                                zipped.toByteArray(),
                                "Content-Encoding",
                                "gzip")));
    }

    @Test
    void whatIsNotGitIsRefused() throws Exception {
        assertEquals(403, admin.get("/git/cluster.git/info/refs").statusCode());
        assertEquals(
                403,
                admin.get("/git/cluster.git/info/refs?service=git-upload-archive").statusCode());
        assertEquals(404, admin.get("/git/cluster.git/HEAD").statusCode());
        assertEquals(404, admin.get("/git/cluster.git/git-upload-pack").statusCode());
        assertEquals(404, admin.get("/git/../etc/info/refs?service=git-upload-pack").statusCode());
    }
}
