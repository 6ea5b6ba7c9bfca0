package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.yaml.Manifests;
import dev.shiplog.source.Adoption;
import dev.shiplog.source.Author;
import dev.shiplog.source.Credentials;
import dev.shiplog.source.Declarations.Change;
import dev.shiplog.source.Declarations.Edit;
import dev.shiplog.source.Declarations.Result;
import dev.shiplog.source.FollowedSource.Look;
import dev.shiplog.source.Pusher;
import dev.shiplog.source.WriteMode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Users' changes where the truth is in a repository elsewhere. */
class UpstreamWriteTest {
    private static final SourceName TEAM = new SourceName("team");
    private static final ResourceKey WEB = ResourceKey.parse("Deployment.apps/shop/web");

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
        git.write("prod/shop.yaml", Yaml.namespace("shop"));
        git.write("prod/web.yaml", Yaml.deployment("shop", "web", 3, "web:1"));
        git.commit("Begin");
        git.git("push", "--quiet", "origin", "HEAD:main");
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    @Test
    void aChangeIsPushedAndAppliedBeforeItIsAnswered() throws Exception {
        Follower follower = follower(WriteMode.COMMIT, remote.toUri().toString());

        Result.Written written = assertInstanceOf(Result.Written.class, write(follower, 10));

        assertEquals(10, replicas());
        git.git("pull", "--quiet", "origin", "main");
        assertEquals(written.commit().value(), git.git("rev-parse", "HEAD").strip());
        assertTrue(git.git("show", "--format=%an").contains("+  replicas: 10"));
        assertInstanceOf(Adoption.Current.class, ((Look.Seen) follower.look("poll")).adoption());
    }

    @Test
    void whoeverWasQuickerIsFetchedFirst() throws Exception {
        Follower follower = follower(WriteMode.COMMIT, remote.toUri().toString());
        git.write("prod/more.yaml", Yaml.namespace("more"));
        git.commit("More");
        git.git("push", "--quiet", "origin", "HEAD:main");

        assertInstanceOf(Result.Written.class, write(follower, 10));

        assertTrue(ledger.state().resource(ResourceKey.namespace("more")).isPresent());
        assertEquals(10, replicas());
    }

    @Test
    void withoutWritesThePatchIsTheAnswer() throws Exception {
        Follower follower = follower(WriteMode.DENY, remote.toUri().toString());

        Result.Refused refused = assertInstanceOf(Result.Refused.class, write(follower, 10));

        assertTrue(refused.message().contains("--writes=deny"), refused.message());
        assertApplies(refused.message());
    }

    @Test
    void aProposalIsABranch() throws Exception {
        Follower follower = follower(WriteMode.BRANCH, remote.toUri().toString());

        Result.Proposed proposed = assertInstanceOf(Result.Proposed.class, write(follower, 10));

        assertTrue(proposed.branch().startsWith("shiplog/ann/"), proposed.branch());
        assertEquals(3, replicas());
        git.git("fetch", "--quiet", "origin");
        assertTrue(git.git("show", "origin/" + proposed.branch()).contains("+  replicas: 10"));
    }

    @Test
    void theSameProposalAgainFindsTheBranchThatThereIs() throws Exception {
        Follower follower = follower(WriteMode.BRANCH, remote.toUri().toString());

        Result first = write(follower, 10);
        assertEquals(first, write(follower, 10));
        Result.Proposed other = assertInstanceOf(Result.Proposed.class, write(follower, 11));

        assertNotEquals(first, other);
        assertEquals(2, git.git("ls-remote", "origin", "refs/heads/shiplog/*").lines().count());
    }

    private void assertApplies(String message) throws Exception {
        Path patch = root.resolve("change.patch");
        Files.writeString(patch, message.substring(message.indexOf("diff --git")));
        git.git("apply", patch.toString());
        assertTrue(git.git("diff").contains("+  replicas: 10"));
    }

    private Follower follower(WriteMode mode, String url) throws Exception {
        Follower follower =
                new Follower(
                        new Follower.Config(
                                TEAM,
                                root.resolve("mirror"),
                                url,
                                "main",
                                "prod",
                                new Credentials.None(),
                                Optional.empty(),
                                mode),
                        ledger,
                        Manifests::decode,
                        InstantSource.fixed(Cluster.NOW));
        opened.add(follower);
        assertInstanceOf(Look.Seen.class, follower.look("poll"));
        return follower;
    }

    private int replicas() {
        return live().toNode().path("spec").path("replicas").asInt();
    }

    private Json live() {
        return ledger.state().resource(WEB).orElseThrow().document();
    }

    private Result write(Follower follower, int replicas) throws Exception {
        ObjectNode after = live().toObject();
        ((ObjectNode) after.path("spec")).put("replicas", replicas);
        return follower.write(
                        new Edit(
                                new Author("ann", "ann@shiplog.local"),
                                new Pusher("ann"),
                                "Scale web\n",
                                List.of(new Change.Put(WEB, Optional.of(live()), Json.of(after))),
                                false))
                .get(60, TimeUnit.SECONDS);
    }
}
