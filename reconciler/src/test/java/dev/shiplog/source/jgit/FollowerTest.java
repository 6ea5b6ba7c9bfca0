package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.tls.ServerTls;
import dev.shiplog.api.tls.TlsFiles;
import dev.shiplog.event.SourceEvent;
import dev.shiplog.event.SourceEvent.CommitApplied;
import dev.shiplog.event.SourceEvent.CommitHeld;
import dev.shiplog.event.SourceEvent.SourceFailed;
import dev.shiplog.event.SourceEvent.SourceRecovered;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.source.Adoption;
import dev.shiplog.source.Credentials;
import dev.shiplog.source.FakeDecoder;
import dev.shiplog.source.FollowedSource.Look;
import dev.shiplog.source.WriteMode;
import dev.shiplog.state.SourceState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Following a repository that somebody else keeps, with everything that can happen to it. */
class FollowerTest {
    private static final SourceName TEAM = new SourceName("team");

    @TempDir Path root;
    private final DirectLedger ledger = Cluster.ledger();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private GitCommand git;
    private Path remote;

    @BeforeEach
    void start() throws Exception {
        Path home = Files.createDirectories(root.resolve("home"));
        remote = root.resolve("remote.git");
        GitCommand outside = new GitCommand(home, root);
        outside.git("init", "--quiet", "--bare", "--initial-branch=main", remote.toString());
        outside.git("clone", "--quiet", remote.toString(), "work");
        git = outside.in(root.resolve("work"));
        git.git("checkout", "--quiet", "-B", "main");
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    @Test
    void aBranchIsFollowedInItsFolderOnly() throws Exception {
        git.write("elsewhere/broken.yaml", "{");
        git.write("prod/shop.yaml", Yaml.namespace("shop"));
        String commit = pushed("Begin");
        Follower follower = follower(remote.toUri().toString(), "prod");

        assertApplied(follower.look("poll"));
        assertEquals(commit, applied());
        assertTrue(live("Namespace/shop"));
        assertEquals(new Look.Seen(new Adoption.Current()), follower.look("poll"));

        git.write("prod/web.yaml", Yaml.deployment("shop", "web", 2, "web:1"));
        pushed("Add web");
        assertApplied(follower.look("webhook"));
        assertTrue(live("Deployment.apps/shop/web"));
        assertEquals("webhook", events(CommitApplied.class).getLast().pusher());
    }

    @Test
    void anInvalidHeadIsHeldAndTheMendingCommitIsNotBlocked() throws Exception {
        Follower follower = follower(remote.toString(), "");
        git.write("shop.yaml", Yaml.namespace("shop"));
        String first = pushed("Begin");
        follower.look("poll");
        git.write("web.yaml", "apiVersion: v1\nkind: [");
        String broken = pushed("Break");

        Look.Seen seen = assertInstanceOf(Look.Seen.class, follower.look("poll"));
        follower.look("poll");

        assertInstanceOf(Adoption.Held.class, seen.adoption());
        assertEquals(first, applied());
        assertEquals(1, events(CommitHeld.class).size());
        SourceState.Held held = source().held().orElseThrow();
        assertEquals(broken, held.commit().value());
        assertEquals("InvalidManifest", held.reason());
        assertTrue(held.message().startsWith("web.yaml:2:"), held::message);

        git.write("web.yaml", Yaml.deployment("shop", "web", 2, "web:1"));
        pushed("Mend");
        assertApplied(follower.look("poll"));
        assertTrue(source().held().isEmpty());
    }

    @Test
    void rewrittenHistoryIsComparedWithWhatWasApplied() throws Exception {
        Follower follower = follower(remote.toString(), "");
        git.write("shop.yaml", Yaml.namespace("shop"));
        pushed("Begin");
        git.write("a.yaml", Yaml.pod("shop", "a"));
        pushed("Add a");
        follower.look("poll");
        git.git("reset", "--quiet", "--hard", "HEAD~1");
        git.write("b.yaml", Yaml.pod("shop", "b"));
        String rewritten = git.commit("Add b instead");
        git.git("push", "--quiet", "--force", "origin", "main");

        assertApplied(follower.look("poll"));

        assertEquals(rewritten, applied());
        assertTrue(live("Pod/shop/b"));
        assertFalse(live("Pod/shop/a"));
    }

    @Test
    void rewrittenHistoryWithoutTheAppliedCommitIsComparedWithTheInventory() throws Exception {
        Follower follower = follower(remote.toString(), "");
        git.write("shop.yaml", Yaml.namespace("shop"));
        git.write("a.yaml", Yaml.pod("shop", "a"));
        pushed("Begin");
        follower.look("poll");
        git.git("checkout", "--quiet", "--orphan", "fresh");
        git.git("rm", "-r", "--quiet", "--cached", "a.yaml");
        git.delete("a.yaml").write("b.yaml", Yaml.pod("shop", "b"));
        git.commit("Begin again");
        git.git("push", "--quiet", "--force", "origin", "fresh:main");
        follower.close();
        delete(root.resolve("mirror"));
        Follower another = follower(remote.toString(), "");

        assertApplied(another.look("poll"));

        assertTrue(live("Pod/shop/b") && live("Namespace/shop"));
        assertFalse(live("Pod/shop/a"));
    }

    @Test
    void whatCannotBeReadDeletesNothingAndItsRecoveryIsKnown() throws Exception {
        Follower follower = follower(remote.toString(), "");
        assertFailed("EmptyRepository", follower.look("poll"));
        git.write("shop.yaml", Yaml.namespace("shop"));
        pushed("Begin");
        assertApplied(follower.look("poll"));
        assertEquals(Optional.empty(), source().failure());

        git.git("push", "--quiet", "origin", "main:other");
        git.in(remote).git("update-ref", "-d", "refs/heads/main");
        assertFailed("BranchMissing", follower.look("poll"));
        assertTrue(source().failure().orElseThrow().contains("found the branches other"));

        Path aside = root.resolve("aside.git");
        Files.move(remote, aside);
        assertFailed("RepositoryNotFound", follower.look("poll"));
        int events = events(SourceEvent.class).size();
        assertFailed("RepositoryNotFound", follower.look("poll"));
        assertEquals(events, events(SourceEvent.class).size());

        Files.move(aside, remote);
        git.git("push", "--quiet", "origin", "main");
        assertEquals(new Look.Seen(new Adoption.Current()), follower.look("poll"));
        assertEquals(Optional.empty(), source().failure());
        assertEquals(2, events(SourceRecovered.class).size());
        assertEquals(3, events(SourceFailed.class).size());
        assertTrue(live("Namespace/shop"));
    }

    @Test
    void aFolderThatIsGoneHoldsTheCommitAndDeletesNothing() throws Exception {
        Follower follower = follower(remote.toString(), "prod");
        git.write("prod/shop.yaml", Yaml.namespace("shop"));
        String first = pushed("Begin");
        follower.look("poll");
        git.git("mv", "prod", "production");
        pushed("Rename");

        follower.look("poll");

        assertEquals(first, applied());
        assertEquals("PathNotFound", source().held().orElseThrow().reason());
        assertTrue(live("Namespace/shop"));
    }

    @Test
    void aDamagedMirrorIsFetchedAgain() throws Exception {
        Follower follower = follower(remote.toString(), "");
        git.write("shop.yaml", Yaml.namespace("shop"));
        pushed("Begin");
        follower.look("poll");
        git.write("a.yaml", Yaml.pod("shop", "a"));
        pushed("Add a");
        follower.close();
        try (Stream<Path> files = Files.walk(root.resolve("mirror/objects"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.write(file, new byte[Math.toIntExact(Files.size(file))]);
            }
        }
        Follower another = follower(remote.toString(), "");

        Look first = another.look("poll");
        Look second = another.look("poll");

        assertTrue(first instanceof Look.Failed || first instanceof Look.Seen, first::toString);
        assertTrue(second instanceof Look.Seen, second::toString);
        assertTrue(live("Pod/shop/a") && live("Namespace/shop"));
    }

    @Test
    void overHttpObjectsAreFetchedOnlyWhenTheBranchMovedAndPasswordsStaySecret() throws Exception {
        Cluster other = new Cluster(root, Cluster.ledger(), new FakeDecoder(), Optional.empty());
        opened.add(other);
        git.git("remote", "add", "http", other.server.url("cluster"));
        git.write("shop.yaml", Yaml.namespace("shop"));
        git.commit("Begin");
        git.git("push", "--quiet", "http", "main");
        other.server.require("reader", "s3cret");
        String url = other.server.url("cluster").replace("http://", "http://reader:wrong@");
        Follower wrong = follower(url, "");
        assertFailed("AuthenticationFailed", wrong.look("poll"));
        wrong.close();
        Follower follower =
                follower(
                        other.server.url("cluster"),
                        "",
                        new Credentials.Password("reader", "s3cret"));

        assertApplied(follower.look("poll"));
        int fetches = other.server.fetches();
        follower.look("poll");
        int asked = other.server.fetches() - fetches;
        other.server.fail(true);
        Look unreachable = follower.look("poll");

        // Protocol version 2 lists references with one request of its own.
        assertTrue(asked <= 1, () -> "expected one request, found " + asked);
        assertFailed("Unreachable", unreachable);
        String log = ledger.read(Position.ORIGIN, Optional.empty(), Integer.MAX_VALUE).toString();
        assertFalse(log.contains("wrong@") || log.contains("s3cret"), log);
        assertEquals(other.server.url("cluster"), source().url());
        assertTrue(live("Namespace/shop"));
    }

    @Test
    void overHttpsTheServerIsVerifiedAndTheReaderSignsIn() throws Exception {
        Cluster other = new Cluster(root, Cluster.ledger(), new FakeDecoder(), Optional.empty());
        opened.add(other);
        git.git("remote", "add", "http", other.server.url("cluster"));
        git.write("shop.yaml", Yaml.namespace("shop"));
        git.commit("Begin");
        git.git("push", "--quiet", "http", "main");
        TlsFiles tls = TlsFiles.open(root.resolve("tls"), List.of(), Instant.now());
        GitServer secured =
                GitServer.secured(_ -> Optional.of(other.repository), ServerTls.of(tls));
        opened.add(secured);
        secured.require("git", "s3cret");
        Credentials token = new Credentials.Token("s3cret");
        Path stranger =
                TlsFiles.open(root.resolve("stranger"), List.of(), Instant.now()).authorityFile();

        for (Optional<Path> wrong : List.of(Optional.<Path>empty(), Optional.of(stranger))) {
            Follower follower = follower(secured.url("cluster"), "", token, wrong);
            Look look = follower.look("poll");
            assertFailed("NotTrusted", look);
            assertTrue(look.toString().contains("--source-ca-file"), look::toString);
            follower.close();
        }
        assertEquals(0, secured.requests(), "nothing is said to whom nobody vouches for");

        Optional<Path> authority = Optional.of(tls.authorityFile());
        Follower nobody = follower(secured.url("cluster"), "", new Credentials.None(), authority);
        assertFailed("AuthenticationFailed", nobody.look("poll"));
        nobody.close();
        assertApplied(follower(secured.url("cluster"), "", token, authority).look("poll"));
        assertTrue(live("Namespace/shop"));
    }

    @Test
    void aFileWithoutCertificatesIsNamed() throws Exception {
        Path empty = Files.createFile(root.resolve("empty.crt"));
        IOException e =
                assertThrows(
                        IOException.class,
                        () ->
                                follower(
                                        "https://127.0.0.1:1/a.git",
                                        "",
                                        new Credentials.None(),
                                        Optional.of(empty)));
        assertTrue(String.valueOf(e.getMessage()).contains(empty.toString()), e::toString);
    }

    private Follower follower(String url, String path) throws IOException {
        return follower(url, path, new Credentials.None());
    }

    private Follower follower(String url, String path, Credentials credentials) throws IOException {
        return follower(url, path, credentials, Optional.empty());
    }

    private Follower follower(
            String url, String path, Credentials credentials, Optional<Path> authorities)
            throws IOException {
        Follower follower =
                new Follower(
                        new Follower.Config(
                                TEAM,
                                root.resolve("mirror"),
                                url,
                                "main",
                                path,
                                credentials,
                                authorities,
                                WriteMode.COMMIT),
                        ledger,
                        new FakeDecoder(),
                        InstantSource.fixed(Cluster.NOW));
        opened.add(follower);
        return follower;
    }

    private String pushed(String message) throws Exception {
        String commit = git.commit(message);
        git.git("push", "--quiet", "origin", "HEAD:main");
        return commit;
    }

    private SourceState source() {
        return ledger.state().source(TEAM).orElseThrow();
    }

    private String applied() {
        return source().applied().orElseThrow().commit().value();
    }

    private boolean live(String key) {
        return ledger.state().resource(ResourceKey.parse(key)).isPresent();
    }

    private <E extends SourceEvent> List<E> events(Class<E> type) {
        return ledger.read(Position.ORIGIN, Optional.empty(), Integer.MAX_VALUE).stream()
                .map(event -> event.event())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static void assertApplied(Look look) {
        Look.Seen seen = assertInstanceOf(Look.Seen.class, look);
        assertInstanceOf(Adoption.Applied.class, seen.adoption());
    }

    private static void assertFailed(String reason, Look look) {
        assertEquals(reason, assertInstanceOf(Look.Failed.class, look).reason(), look::toString);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
