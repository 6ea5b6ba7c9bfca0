package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SourceEvent.CommitApplied;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.yaml.Manifests;
import dev.shiplog.source.Author;
import dev.shiplog.source.Declarations.Change;
import dev.shiplog.source.Declarations.Edit;
import dev.shiplog.source.Declarations.Result;
import dev.shiplog.source.Pusher;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Users' changes to what the served repository declares. */
class DeclarationsTest {
    private static final ResourceKey WEB = ResourceKey.parse("Deployment.apps/shop/web");
    private static final Author ANN = new Author("ann", "ann@shiplog.local");

    @TempDir Path root;
    private final FailingLedger ledger = new FailingLedger(Cluster.ledger());
    private Cluster cluster;
    private GitCommand git;

    @BeforeEach
    void start() throws Exception {
        Path files = Files.createDirectories(root.resolve("first"));
        Files.writeString(files.resolve("shop.yaml"), Yaml.namespace("shop"));
        Files.writeString(files.resolve("web.yaml"), Yaml.deployment("shop", "web", 3, "web:1"));
        cluster = new Cluster(root, ledger, Manifests::decode, Optional.of(files));
        git = cluster.clone("ann");
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void scalingIsACommitOfOneLineByTheUser() throws Exception {
        Result result = written(scaled(10));

        Result.Written written = assertInstanceOf(Result.Written.class, result);
        git.git("pull", "--quiet");
        assertEquals(written.commit().value(), git.git("rev-parse", "HEAD").strip());
        assertEquals(
                " web.yaml | 2 +-",
                git.git("show", "--stat", "--format=").lines().findFirst().orElseThrow());
        assertTrue(git.git("show", "--format=").contains("\n+  replicas: 10\n"));
        assertEquals(
                "ann <ann@shiplog.local> Shiplog",
                git.git("log", "-1", "--format=%an <%ae> %cn").strip());
        assertEquals(10, replicas());
        assertEquals("git:ann@shiplog.local", cluster.recorded().getLast().origin().actor());
        git.git("fsck", "--strict");
    }

    @Test
    void aNewObjectGetsAFileOfItsOwnAndLosesItAgain() throws Exception {
        ResourceKey key = ResourceKey.pod("shop", "one");
        assertInstanceOf(
                Result.Written.class,
                written(edit(new Change.Put(key, Optional.empty(), pod("one")))));
        git.git("pull", "--quiet");
        assertEquals(
                Yaml.pod("shop", "one"),
                Files.readString(git.directory().resolve("shop/pod-one.yaml")));
        assertTrue(cluster.live("Pod/shop/one"));

        assertInstanceOf(Result.Written.class, written(edit(new Change.Remove(key))));
        git.git("pull", "--quiet");
        assertFalse(Files.exists(git.directory().resolve("shop")));
        assertInstanceOf(Result.Unchanged.class, written(edit(new Change.Remove(key))));
    }

    @Test
    void whatACommitRemovesGoesAsItsTrailersSay() throws Exception {
        ResourceKey key = ResourceKey.pod("shop", "one");
        written(edit(new Change.Put(key, Optional.empty(), pod("one"))));
        Edit removal =
                new Edit(
                        ANN,
                        new Pusher("ann"),
                        "Remove po/one\n\nShiplog-Cascade: orphan\nShiplog-Grace-Seconds: 7\n",
                        List.of(new Change.Remove(key)),
                        false);
        assertInstanceOf(Result.Written.class, written(removal));
        ResourceEvent.DeletionRequested requested =
                cluster.recorded().stream()
                        .map(Recorded::event)
                        .filter(ResourceEvent.DeletionRequested.class::isInstance)
                        .map(ResourceEvent.DeletionRequested.class::cast)
                        .findFirst()
                        .orElseThrow();
        assertEquals(7, requested.deletion().graceSeconds());
        assertEquals(Propagation.ORPHAN, requested.propagation());
    }

    @Test
    void editsThatWaitTogetherAreCommitsInTheirOrder() throws Exception {
        List<CompletableFuture<Result>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            results.add(
                    cluster.repository
                            .declarations()
                            .write(
                                    edit(
                                            new Change.Put(
                                                    ResourceKey.pod("shop", "p" + i),
                                                    Optional.empty(),
                                                    pod("p" + i)))));
        }
        for (CompletableFuture<Result> result : results) {
            assertInstanceOf(Result.Written.class, result.get(60, TimeUnit.SECONDS));
        }
        git.git("pull", "--quiet");
        assertEquals("101", git.git("rev-list", "--count", "HEAD").strip());
        assertEquals(100, filesOfShop());
        assertEquals(101, cluster.events(CommitApplied.class).size());
        git.git("fsck", "--strict");
        new GitCommand(git.directory(), root.resolve("git/cluster.git")).git("fsck", "--strict");
    }

    @Test
    void aRejectedEditChangesNothingAndHoldsUpNobody() throws Exception {
        ObjectNode bad = live().toObject();
        ((ObjectNode) bad.path("spec")).put("replicas", -1);
        CompletableFuture<Result> rejected =
                cluster.repository
                        .declarations()
                        .write(edit(new Change.Put(WEB, Optional.of(live()), Json.of(bad))));
        CompletableFuture<Result> good = cluster.repository.declarations().write(scaled(4));

        assertInstanceOf(Result.Rejected.class, rejected.get(60, TimeUnit.SECONDS));
        assertInstanceOf(Result.Written.class, good.get(60, TimeUnit.SECONDS));
        assertEquals(4, replicas());
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        Edit edit = scaled(4);
        Result result =
                written(
                        new Edit(
                                edit.author(),
                                edit.pusher(),
                                edit.message(),
                                edit.changes(),
                                true));
        assertInstanceOf(Result.Unchanged.class, result);
        assertEquals(3, replicas());
        assertEquals("1", git.git("rev-list", "--count", "origin/main").strip());
    }

    @Test
    void aChangeThatWasComputedFromAnOlderStateIsStale() throws Exception {
        Edit first = scaled(4);
        Edit second = scaled(5);
        assertInstanceOf(Result.Written.class, written(first));
        assertInstanceOf(Result.Stale.class, written(second));
        assertInstanceOf(Result.Written.class, written(scaled(5)));
    }

    @Test
    void aPushThatAnEditOvertookIsToldToPull() throws Exception {
        assertInstanceOf(Result.Written.class, written(scaled(4)));
        git.write("more.yaml", Yaml.namespace("more")).commit("More");
        GitCommand.Result push = git.run("push");
        assertTrue(push.exit() != 0 && push.output().contains("fetch first"), push.output());
        git.git("pull", "--quiet", "--rebase");
        git.git("push", "--quiet");
        assertInstanceOf(Result.Written.class, written(scaled(6)));
        assertTrue(cluster.live("Namespace/more"));
    }

    @Test
    void aCommitThatTheLogDidNotTakeIsAppliedBeforeTheNextEdit() throws Exception {
        Edit first = scaled(4);
        Edit second = scaled(5);
        ledger.failNext();
        CompletableFuture<Result> failed = cluster.repository.declarations().write(first);
        assertThrows(ExecutionException.class, () -> failed.get(60, TimeUnit.SECONDS));
        assertEquals(3, replicas());

        assertInstanceOf(Result.Stale.class, written(second));
        assertEquals(4, replicas());
        assertInstanceOf(Result.Written.class, written(scaled(5)));
    }

    @Test
    void smallPacksAreMerged() throws Exception {
        for (int i = 0; i < 3 * Upkeep.MAX_SMALL_PACKS; i++) {
            assertInstanceOf(
                    Result.Written.class,
                    written(
                            edit(
                                    new Change.Put(
                                            ResourceKey.pod("shop", "p" + i),
                                            Optional.empty(),
                                            pod("p" + i)))));
            // Whoever looks has the repository given a pack.
            cluster.repository.history().info(cluster.repository.head().orElseThrow());
        }
        GitCommand bare = new GitCommand(git.directory(), root.resolve("git/cluster.git"));
        bare.git("fsck", "--strict");
        git.git("pull", "--quiet");
        assertEquals(3 * Upkeep.MAX_SMALL_PACKS, filesOfShop());
    }

    private int filesOfShop() {
        String[] names = git.directory().resolve("shop").toFile().list();
        return names == null ? 0 : names.length;
    }

    private int replicas() {
        return live().toNode().path("spec").path("replicas").asInt();
    }

    private Json live() {
        return cluster.ledger.state().resource(WEB).orElseThrow().document();
    }

    private Edit scaled(int replicas) {
        return changed(spec -> spec.put("replicas", replicas));
    }

    private Edit changed(Consumer<ObjectNode> spec) {
        ObjectNode after = live().toObject();
        spec.accept((ObjectNode) after.path("spec"));
        return edit(new Change.Put(WEB, Optional.of(live()), Json.of(after)));
    }

    private static Json pod(String name) {
        return Manifests.decode(
                        "p",
                        Yaml.pod("shop", name).getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        "default")
                .resources()
                .stream()
                .map(d -> {
                    ObjectNode document = d.body().toObject();
                    document.put("apiVersion", "v1").put("kind", "Pod");
                    document.putObject("metadata").put("name", name).put("namespace", "shop");
                    return Json.of(document);
                })
                .findFirst()
                .orElseThrow();
    }

    private static Edit edit(Change change) {
        return new Edit(
                ANN,
                new Pusher("ann"),
                "Change " + change.key() + "\n\nShiplog-Actor: user:ann\n",
                List.of(change),
                false);
    }

    private Result written(Edit edit) throws Exception {
        return cluster.repository.declarations().write(edit).get(60, TimeUnit.SECONDS);
    }
}
