package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.event.SourceEvent.CommitApplied;
import dev.shiplog.resource.CommitId;
import dev.shiplog.source.FakeDecoder;
import dev.shiplog.state.ClusterState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a user with a git client sees of a push, and what the cluster has after it. */
class PushTest {
    @TempDir Path root;
    private Cluster cluster;
    private GitCommand git;

    @BeforeEach
    void start() throws Exception {
        Path files = Files.createDirectories(root.resolve("first"));
        Files.writeString(files.resolve("README.md"), "# Shop\n");
        Files.writeString(files.resolve("shop.yaml"), Yaml.namespace("shop"));
        Files.writeString(files.resolve("web.yaml"), Yaml.deployment("shop", "web", 3, "web:1"));
        cluster = new Cluster(root, Cluster.ledger(), new FakeDecoder(), Optional.of(files));
        git = cluster.clone("ann");
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aNewRepositoryBeginsWithTheGivenFilesAppliedAsOneCommit() throws Exception {
        assertTrue(cluster.live("Deployment.apps/shop/web"));
        assertEquals("main", git.git("branch", "--show-current").strip());
        assertEquals("README.md\nshop.yaml\nweb.yaml\n", git.git("ls-files"));
        assertEquals(1, cluster.events(CommitApplied.class).size());
    }

    @Test
    void aPushShowsItsPlanAndIsDurableWhenItReturns() throws Exception {
        git.write("web.yaml", Yaml.deployment("shop", "web", 5, "web:2"));
        git.write("db.yaml", Yaml.pod("shop", "db"));
        String commit = git.commit("Scale web to 5");

        String said = git.git("push");

        assertContains(said, "remote: 1 created, 1 changed, 0 removed");
        assertContains(said, "remote: created Pod/shop/db");
        assertContains(
                said,
                "remote: changed Deployment.apps/shop/web: replicas 3 → 5;"
                        + " containers[main].image web:1 → web:2");
        assertContains(said, "remote: applied at position " + cluster.ledger.head());
        assertEquals(commit, applied());
        CommitApplied event = cluster.events(CommitApplied.class).getLast();
        assertEquals("ann", event.pusher());
        assertEquals("Scale web to 5", event.info().subject());
        assertEquals("git:ann@example.com", cluster.origins().getLast().actor());
        assertEquals("commit:" + commit, cluster.origins().getLast().correlation());
        assertEquals(Optional.of(new CommitId(commit)), cluster.origins().getLast().commit());
    }

    @Test
    void aRevertLeavesTheClusterAsItWas() throws Exception {
        git.write("db.yaml", Yaml.pod("shop", "db"));
        git.write("web.yaml", Yaml.deployment("shop", "web", 5, "web:1"));
        git.commit("Grow");
        git.git("push");
        git.git("revert", "--no-edit", "HEAD");

        String said = git.git("push");

        assertContains(said, "remote: removed Pod/shop/db");
        assertContains(said, "remote: changed Deployment.apps/shop/web: replicas 5 → 3");
        assertFalse(cluster.live("Pod/shop/db"));
    }

    @Test
    void aDamagedManifestIsRejectedWithItsPlaceAndNothingChanges() throws Exception {
        ClusterState before = cluster.ledger.state();
        String head = git.git("rev-parse", "origin/main");
        git.write("web.yaml", Yaml.deployment("shop", "web", 9, "web:9"));
        git.write("bad/damaged.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: [x\n");
        git.commit("Damage");

        GitCommand.Result push = git.run("push");

        assertNotEquals(0, push.exit());
        assertContains(push.output(), "remote: bad/damaged.yaml:5:1: expected ',' or ']'");
        assertContains(push.output(), "remote: nothing changed");
        assertContains(
                push.output(), "[remote rejected] main -> main (InvalidManifest: 1 problem)");
        assertEquals(before, cluster.ledger.state());
        assertEquals(head.strip() + "\trefs/heads/main\n", git.git("ls-remote", "origin", "main"));
    }

    @Test
    void anObjectInTwoFilesIsRejectedWithBothPlaces() throws Exception {
        git.write("other.yaml", "# copied\n---\n" + Yaml.deployment("shop", "web", 1, "web:1"));
        git.commit("Copy");

        GitCommand.Result push = git.run("push");

        assertNotEquals(0, push.exit());
        assertContains(
                push.output(),
                "remote: other.yaml:2:1: Deployment.apps/shop/web is declared by web.yaml:1 too");
    }

    @Test
    void aMovedFileCreatesAndRemovesNothing() throws Exception {
        git.git("mv", "web.yaml", "deploy.yaml");
        git.commit("Move");

        String said = git.git("push");

        assertContains(said, "remote: 0 created, 1 changed, 0 removed");
        assertContains(
                said, "changed Deployment.apps/shop/web: moved from web.yaml to deploy.yaml");
    }

    @Test
    void aNamespaceIsTakenOutWithAllThatIsDeclaredInIt() throws Exception {
        git.delete("shop.yaml");
        git.commit("Close the shop");

        GitCommand.Result refused = git.run("push");
        git.delete("web.yaml");
        git.commit("And all of it");
        String accepted = git.git("push");

        assertNotEquals(0, refused.exit());
        assertContains(
                refused.output(),
                "web.yaml: Deployment.apps/shop/web is in namespace \"shop\", which is not declared"
                        + " any more: take it out as well");
        assertContains(accepted, "0 created, 0 changed, 2 removed");
    }

    @Test
    void deletingMostOfTheSourceNeedsATrailer() throws Exception {
        for (int i = 0; i < 8; i++) {
            git.write("pods/p" + i + ".yaml", Yaml.pod("shop", "p" + i));
        }
        git.commit("Add");
        git.git("push");
        git.git("rm", "-r", "--quiet", "pods");
        git.commit("Remove");

        GitCommand.Result refused = git.run("push");
        git.git("commit", "--amend", "--quiet", "-m", "Remove\n\nShiplog-Allow-Delete: true");
        String accepted = git.git("push");

        assertNotEquals(0, refused.exit());
        assertContains(refused.output(), "would delete 8 of the 10 objects");
        assertContains(refused.output(), "Shiplog-Allow-Delete: true");
        assertContains(accepted, "0 created, 0 changed, 8 removed");
    }

    @Test
    void aForcedPushAndADeletionOfTheBranchAreRefusedWithAdvice() throws Exception {
        git.write("db.yaml", Yaml.pod("shop", "db"));
        String pushed = git.commit("Add db");
        git.git("push");
        git.git("commit", "--amend", "--quiet", "-m", "Rewritten");

        GitCommand.Result forced = git.run("push", "--force");
        GitCommand.Result deleted = git.run("push", "origin", "--delete", "main");

        assertNotEquals(0, forced.exit());
        assertContains(forced.output(), "commit a revert instead");
        assertNotEquals(0, deleted.exit());
        assertContains(deleted.output(), "cannot be deleted");
        assertEquals(pushed, applied());
    }

    @Test
    void otherBranchesAndTagsAreFreeAndWithoutEffect() throws Exception {
        String before = applied();
        git.git("checkout", "--quiet", "-b", "experiment");
        git.write("broken.yaml", "{");
        git.commit("Try");

        String said = git.git("push", "origin", "experiment");
        git.git("tag", "v1");
        git.git("push", "origin", "v1");
        git.git("commit", "--amend", "--quiet", "-m", "Again");
        git.git("push", "--force", "origin", "experiment");
        String deleted = git.git("push", "origin", "--delete", "experiment");

        assertContains(said, "experiment is not the branch that the cluster follows (main)");
        assertFalse(deleted.contains("remote:"), deleted);
        assertEquals(before, applied());
    }

    @Test
    void optionsForOtherServersAreTakenAndMeanNothing() throws Exception {
        git.write("db.yaml", Yaml.pod("shop", "db"));
        git.commit("Add db");

        String said = git.git("push", "-o", "ci.skip");

        assertContains(said, "push options mean nothing here");
        assertTrue(cluster.live("Pod/shop/db"));
    }

    @Test
    void severalCommitsAreAppliedAsOneStep() throws Exception {
        git.write("web.yaml", Yaml.deployment("shop", "web", 4, "web:1"));
        git.commit("Grow");
        git.write("broken.yaml", "{");
        git.commit("Break");
        String refused = git.run("push").output();
        assertContains(refused, "nothing changed");
        assertFalse(refused.contains("applied"), refused);
        git.delete("broken.yaml");
        git.write("db.yaml", Yaml.pod("shop", "db"));
        git.commit("Mend");

        String said = git.git("push");

        assertContains(said, "3 commits, applied in one step");
        assertEquals(2, cluster.events(CommitApplied.class).size());
        assertTrue(cluster.live("Pod/shop/db"));
    }

    private String applied() {
        return cluster.ledger
                .state()
                .source(Cluster.SOURCE)
                .orElseThrow()
                .applied()
                .orElseThrow()
                .commit()
                .value();
    }

    static void assertContains(String text, String part) {
        assertTrue(text.contains(part), () -> "expected \"" + part + "\" in:\n" + text);
    }
}
