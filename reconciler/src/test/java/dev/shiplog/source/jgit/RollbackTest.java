package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.event.SourceEvent.CommitApplied;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.resource.CommitId;
import dev.shiplog.source.AppliedCommits;
import dev.shiplog.source.Author;
import dev.shiplog.source.FakeDecoder;
import dev.shiplog.source.Pusher;
import dev.shiplog.source.Rollback;
import dev.shiplog.source.Rollback.Result;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Going back by a commit, to a revision or a time, checked as a push is. */
class RollbackTest {
    private static final Author OPS = new Author("ops", "ops@example.com");

    @TempDir Path root;
    private final AtomicReference<Instant> now = new AtomicReference<>(Cluster.NOW);
    private Cluster cluster;
    private GitCommand git;
    private Rollback rollback;
    private String good;
    private String bad;

    @BeforeEach
    void start() throws Exception {
        cluster =
                new Cluster(root, new DirectLedger(now::get), new FakeDecoder(), Optional.empty());
        rollback =
                new Rollback(
                        cluster.repository.history(),
                        new AppliedCommits(Cluster.SOURCE, cluster.ledger));
        git = cluster.clone("ann");
        git.git("checkout", "--quiet", "-B", "main");
        git.write("shop.yaml", Yaml.namespace("shop"));
        git.write("web.yaml", Yaml.deployment("shop", "web", 3, "web:1"));
        good = git.commit("Good");
        git.git("push", "--quiet", "--set-upstream", "origin", "main");
        now.set(Cluster.NOW.plusSeconds(60));
        git.write("web.yaml", Yaml.deployment("shop", "web", 3, "web:broken"));
        git.write("extra.yaml", Yaml.pod("shop", "extra"));
        bad = git.commit("Bad idea");
        git.git("push", "--quiet");
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aPlanSaysWhatWouldHappenAndMovesNothing() throws Exception {
        Result.RolledBack plan =
                assertInstanceOf(Result.RolledBack.class, rollback.plan(wish("HEAD~1")));

        assertEquals("0 created, 1 changed, 1 removed", plan.plan().summary());
        assertEquals(List.of(new CommitId(bad)), plan.undone());
        assertEquals(Optional.empty(), plan.position());
        assertEquals(Optional.of(new CommitId(bad)), cluster.repository.head());
        assertTrue(cluster.live("Pod/shop/extra"));
    }

    @Test
    void goingBackIsACommitThatKeepsTheHistory() throws Exception {
        Result.RolledBack done =
                assertInstanceOf(
                        Result.RolledBack.class, rollback.apply(wish(good.substring(0, 8))));

        assertFalse(cluster.live("Pod/shop/extra"));
        git.git("pull", "--quiet");
        assertEquals("", git.git("diff", good, "HEAD"));
        assertEquals(done.commit().value(), git.git("rev-parse", "HEAD").strip());
        assertEquals(
                "ops <ops@example.com>\nRoll back to "
                        + good.substring(0, 10)
                        + " (Good)\n\nThis undoes:\n- "
                        + bad.substring(0, 10)
                        + " Bad idea (Ann Author)\n\n",
                git.git("log", "-1", "--format=%an <%ae>%n%B"));
        assertEquals("3\n", git.git("rev-list", "--count", "HEAD"));
        assertEquals("git:ops@example.com", cluster.origins().getLast().actor());
        assertEquals(Optional.of(cluster.ledger.head()), done.position());
    }

    @Test
    void aTimeMeansTheCommitThatWasTheTruthThen() throws Exception {
        Result.RolledBack done =
                assertInstanceOf(
                        Result.RolledBack.class,
                        rollback.apply(wish(Cluster.NOW.plusSeconds(30).toString())));

        assertEquals(new CommitId(good), done.target());
    }

    @Test
    void aPositionMeansTheCommitThatWasTheTruthThere() throws Exception {
        long applied = cluster.events(CommitApplied.class).size();
        assertEquals(2, applied);
        Result.RolledBack done =
                assertInstanceOf(
                        Result.RolledBack.class,
                        rollback.apply(
                                new Rollback.Wish(
                                        "4", OPS, new Pusher("ops"), "It broke.", false)));

        assertEquals(new CommitId(good), done.target());
        git.git("pull", "--quiet");
        assertTrue(
                git.git("log", "-1", "--format=%b").startsWith("It broke.\n\nThis undoes:\n"),
                () -> "the reason in the message");
    }

    @Test
    void goingBackToLittleIsMeant() throws Exception {
        for (int i = 0; i < 8; i++) {
            git.write("pods/p" + i + ".yaml", Yaml.pod("shop", "p" + i));
        }
        git.commit("Grow");
        git.git("push", "--quiet");

        assertRejected(good, "would delete 9 of the 11 objects");
        assertInstanceOf(
                Result.RolledBack.class, rollback.apply(new Rollback.Wish(good, OPS, true)));
    }

    @Test
    void whatCannotBeIsRejectedWithAReason() throws Exception {
        git.git("checkout", "--quiet", "--orphan", "other");
        String foreign = git.commit("Elsewhere");
        git.git("push", "--quiet", "origin", "other");

        assertRejected("no-such-thing", "found \"no-such-thing\"");
        assertRejected("2001-01-01T00:00:00Z", "older than the first applied commit");
        assertRejected("HEAD", "there is nothing to undo");
        assertRejected(foreign, "of another branch");
        assertEquals(Optional.of(new CommitId(bad)), cluster.repository.head());
    }

    private void assertRejected(String target, String why) throws Exception {
        for (Result result : List.of(rollback.plan(wish(target)), rollback.apply(wish(target)))) {
            String said = assertInstanceOf(Result.Rejected.class, result).objections().toString();
            assertTrue(said.contains(why), () -> "expected \"" + why + "\" in " + said);
        }
    }

    private static Rollback.Wish wish(String target) {
        return new Rollback.Wish(target, OPS, false);
    }
}
