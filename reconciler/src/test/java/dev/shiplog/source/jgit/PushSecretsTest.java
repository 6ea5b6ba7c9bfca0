package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.resource.yaml.Manifests;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A Secret that anybody could fetch is refused, wherever a push hides it. */
class PushSecretsTest {
    private static final String SECRET =
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: db, namespace: shop}
            stringData: {password: Zq7Xw9Kv}
            """;

    private static final String SETTINGS =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: shop}
            data: {level: info}
            """;

    @TempDir Path root;
    private Cluster cluster;
    private GitCommand git;

    @BeforeEach
    void start() throws Exception {
        Path files = Files.createDirectories(root.resolve("first"));
        Files.writeString(files.resolve("settings.yaml"), SETTINGS);
        Files.writeString(files.resolve("shop.yaml"), Yaml.namespace("shop"));
        cluster = new Cluster(root, Cluster.ledger(), Manifests::decode, Optional.of(files));
        git = cluster.clone("ann");
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void onABranchThatNobodyFollows() throws Exception {
        git.git("checkout", "-q", "-b", "draft");
        git.write("db.yaml", SECRET);
        git.commit("Add the database");
        refused(git.run("push", "origin", "draft"));
        git.write("db.yaml", SETTINGS.replace("settings", "other"));
        git.git("add", "-A");
        git.git("commit", "-q", "--amend", "--no-edit");
        assertTrue(git.git("push", "origin", "draft").contains("nothing but Secrets is checked"));
    }

    @Test
    void inACommitThatALaterOneTakesBack() throws Exception {
        git.write("db.yaml", SECRET);
        git.commit("Add the database");
        git.git("rm", "-q", "db.yaml");
        git.git("commit", "-q", "-m", "Oops");
        String head = git.git("ls-remote", "origin", "main");
        refused(git.run("push", "origin", "HEAD:main"));
        assertEquals(head, git.git("ls-remote", "origin", "main"));
    }

    @Test
    void behindATag() throws Exception {
        git.write("db.yaml", SECRET);
        git.commit("Add the database");
        git.git("tag", "-a", "-m", "first", "v1");
        refused(git.run("push", "origin", "v1"));
    }

    @Test
    void whatIsRefusedIsNotKept() throws Exception {
        git.git("checkout", "-q", "-b", "draft");
        git.write("other.yaml", SETTINGS.replace("settings", "other"));
        git.commit("Add settings");
        String harmless = git.git("rev-parse", "HEAD").strip();
        git.git("checkout", "-q", "-b", "exposing");
        git.write("db.yaml", SECRET);
        git.commit("Add the database");
        String exposing = git.git("rev-parse", "HEAD").strip();
        Path bare = root.resolve("git/cluster.git");
        GitCommand server = new GitCommand(root, bare);

        // What would be taken by itself comes in the same pack.
        refused(git.run("push", "origin", "draft", "exposing"));
        assertNotEquals(0, server.run("cat-file", "-e", exposing).exit());
        assertNotEquals(0, server.run("cat-file", "-e", harmless).exit());
        git.git("push", "-q", "origin", "draft");
        assertEquals(0, server.run("cat-file", "-e", harmless).exit());
        server.git("fsck", "--strict");
        try (Stream<Path> left = Files.list(bare.resolve("objects"))) {
            assertEquals(
                    List.of(),
                    left.filter(folder -> folder.toString().contains("incoming-")).toList());
        }
    }

    @Test
    void whatIsIgnoredOrBrokenOrNoSecretIsTaken() throws Exception {
        git.git("checkout", "-q", "-b", "draft");
        git.write(".shiplogignore", "samples/\n");
        git.write("samples/db.yaml", SECRET);
        git.write("broken.yaml", "apiVersion: v1\nkind: [\n");
        git.commit("Try things");
        git.git("push", "origin", "draft");
    }

    private static void refused(GitCommand.Result push) {
        assertNotEquals(0, push.exit(), push.output());
        assertTrue(push.output().contains("db.yaml:"), push.output());
        assertTrue(push.output().contains("shiplog seal -i -f db.yaml"), push.output());
        assertTrue(push.output().contains("PlainSecret"), push.output());
        assertFalse(push.output().contains("Zq7Xw9Kv"), push.output());
    }
}
