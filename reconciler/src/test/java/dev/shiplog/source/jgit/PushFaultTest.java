package dev.shiplog.source.jgit;

import static dev.shiplog.source.jgit.PushTest.assertContains;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.event.SourceEvent.CommitApplied;
import dev.shiplog.resource.CommitId;
import dev.shiplog.source.FakeDecoder;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.SourceState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Pushes that meet too much, each other, or a ledger that fails. */
class PushFaultTest {
    @TempDir Path root;
    private final FakeDecoder decoder = new FakeDecoder();
    private final FailingLedger ledger = new FailingLedger(Cluster.ledger());
    private Cluster cluster;
    private GitCommand git;

    @BeforeEach
    void start() throws Exception {
        Path files = Files.createDirectories(root.resolve("first"));
        Files.writeString(files.resolve("shop.yaml"), Yaml.namespace("shop"));
        cluster = new Cluster(root, ledger, decoder, Optional.of(files));
        git = cluster.clone("ann");
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aFileOf100MegabytesIsRefusedWithAdviceWhetherItPacksWellOrNot() throws Exception {
        ClusterState before = ledger.state();
        writeLarge("zeros.bin", 100, false);
        git.commit("Zeros");
        GitCommand.Result zeros = git.run("push");
        git.git("reset", "--quiet", "--hard", "origin/main");
        writeLarge("noise.bin", 40, true);
        git.commit("Noise");
        GitCommand.Result noise = git.run("push");

        for (GitCommand.Result push : List.of(zeros, noise)) {
            assertNotEquals(0, push.exit());
            assertContains(push.output(), "remote: expected files of at most 16777216 bytes");
            assertContains(push.output(), "nothing changed");
        }
        assertEquals(before, ledger.state());
        assertFalse(git.git("ls-remote", "origin").contains(git.git("rev-parse", "HEAD").strip()));
    }

    @Test
    void aManifestOverTheLimitIsRefusedWithoutReadingIt() throws Exception {
        git.write("big.yaml", "#".repeat((3 << 20) + 1));
        git.commit("Big");
        int decoded = decoder.decodedFiles();

        GitCommand.Result push = git.run("push");

        assertNotEquals(0, push.exit());
        assertContains(
                push.output(),
                "remote: big.yaml:1:1: expected a manifest of at most 3145728 bytes, found 3145729");
        assertEquals(decoded, decoder.decodedFiles());
    }

    @Test
    void ofTwoPushesAtOnceOneWinsAndTheOtherIsToldToFetch() throws Exception {
        GitCommand ben = cluster.clone("ben");
        git.write("a.yaml", Yaml.pod("shop", "a"));
        git.commit("Ann's");
        ben.write("b.yaml", Yaml.pod("shop", "b"));
        ben.commit("Ben's");

        List<GitCommand.Result> results;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<GitCommand.Result> first = threads.submit(() -> git.run("push"));
            Future<GitCommand.Result> second = threads.submit(() -> ben.run("push"));
            results = List.of(first.get(), second.get());
        }

        assertEquals(1, results.stream().filter(r -> r.exit() == 0).count(), results::toString);
        GitCommand loser = results.get(0).exit() == 0 ? ben : git;
        GitCommand.Result lost = results.get(results.get(0).exit() == 0 ? 1 : 0);
        assertTrue(
                lost.output().contains("fetch first"), () -> "expected advice in " + lost.output());
        loser.git("pull", "--quiet", "--rebase");
        loser.git("push");
        assertTrue(cluster.live("Pod/shop/a") && cluster.live("Pod/shop/b"));
        assertEquals("3\n", loser.git("rev-list", "--count", "origin/main"));
    }

    /** Git runs the hook after it has looked at the branches, and before it sends. */
    @Test
    void aPushThatAnotherOvertakesIsToldToFetch() throws Exception {
        git.write("a.yaml", Yaml.pod("shop", "a"));
        git.commit("Ann's");
        GitCommand ben = cluster.clone("ben");
        ben.write("b.yaml", Yaml.pod("shop", "b"));
        ben.commit("Ben's");
        ben.write(
                ".git/hooks/pre-push",
                "#!/bin/sh\nunset GIT_DIR\ngit -C '" + git.directory() + "' push -q\n");
        Files.setPosixFilePermissions(
                ben.directory().resolve(".git/hooks/pre-push"),
                PosixFilePermissions.fromString("rwxr-xr-x"));

        GitCommand.Result lost = ben.run("push");

        assertNotEquals(0, lost.exit());
        assertContains(lost.output(), "(fetch first: somebody else has pushed to main)");
        assertTrue(cluster.live("Pod/shop/a"));
        assertFalse(cluster.live("Pod/shop/b"));
    }

    @Test
    void aPushCutOffBeforeTheLedgerIsMadeUpForAtTheNextStart() throws Exception {
        git.write("a.yaml", Yaml.pod("shop", "a"));
        String commit = git.commit("Add a");
        ledger.failNext();

        GitCommand.Result push = git.run("push");
        boolean liveBefore = cluster.live("Pod/shop/a");
        cluster.repository.sync();

        assertNotEquals(0, push.exit());
        assertContains(push.output(), "the commit is stored, but it is not known to be applied");
        assertFalse(liveBefore);
        assertTrue(cluster.live("Pod/shop/a"));
        assertEquals(Optional.of(new CommitId(commit)), applied());
    }

    @Test
    void aPushCutOffBeforeTheLedgerIsMadeUpForByTheNextPush() throws Exception {
        git.write("a.yaml", Yaml.pod("shop", "a"));
        git.commit("Add a");
        ledger.failNext();
        git.run("push");
        git.git("fetch", "--quiet");
        git.write("b.yaml", Yaml.pod("shop", "b"));
        String commit = git.commit("Add b");

        git.git("push");

        assertTrue(cluster.live("Pod/shop/a") && cluster.live("Pod/shop/b"));
        assertEquals(3, cluster.events(CommitApplied.class).size());
        assertEquals(Optional.of(new CommitId(commit)), applied());
    }

    @Test
    void aRestartFindsTheRepositoryAsItWasAndAppliesNothingTwice() throws Exception {
        int events = cluster.recorded().size();
        cluster.close();

        cluster = new Cluster(root, ledger, decoder, Optional.empty());

        assertEquals(events, cluster.recorded().size());
    }

    @Test
    void aPushOfOneFileAmongTwoThousandDecodesOneFile() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            git.write("pods/p" + i + ".yaml", Yaml.pod("shop", "p" + i));
        }
        git.commit("Many");
        git.git("push");
        git.write("pods/p7.yaml", Yaml.pod("shop", "p7") + "  hostname: seven\n");
        git.commit("One");
        int decoded = decoder.decodedFiles();

        String said = git.git("push");

        assertContains(said, "changed Pod/shop/p7: hostname (none) → seven");
        int now = decoder.decodedFiles() - decoded;
        assertTrue(now <= 2, () -> "expected the file before and after, found " + now);
    }

    @Test
    void aLongPlanIsCutAndCounted() throws Exception {
        for (int i = 0; i < 52; i++) {
            git.write("pods/p" + i + ".yaml", Yaml.pod("shop", "p" + i));
        }
        git.commit("Many");

        String said = git.git("push");

        assertContains(said, "remote: 52 created, 0 changed, 0 removed");
        assertContains(said, "remote: and 12 more");
        assertEquals(40, said.lines().filter(l -> l.startsWith("remote: created ")).count());
    }

    private Optional<CommitId> applied() {
        return ledger.state()
                .source(Cluster.SOURCE)
                .flatMap(SourceState::applied)
                .map(SourceState.Applied::commit);
    }

    private void writeLarge(String name, int megabytes, boolean noise) throws Exception {
        byte[] block = new byte[1 << 20];
        Random random = new Random(7);
        try (OutputStream out = Files.newOutputStream(git.directory().resolve(name))) {
            for (int i = 0; i < megabytes; i++) {
                if (noise) {
                    random.nextBytes(block);
                }
                out.write(block);
            }
        }
    }
}
