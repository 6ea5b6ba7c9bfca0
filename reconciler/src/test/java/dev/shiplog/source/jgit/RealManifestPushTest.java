package dev.shiplog.source.jgit;

import static dev.shiplog.source.jgit.PushTest.assertContains;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.shiplog.resource.yaml.Manifests;
import dev.shiplog.state.ClusterState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Pushes through the decoder that the product has. */
class RealManifestPushTest {
    @TempDir Path root;
    private Cluster cluster;
    private GitCommand git;

    @BeforeEach
    void start() throws Exception {
        Path files = Files.createDirectories(root.resolve("first"));
        Files.writeString(files.resolve("shop.yaml"), Yaml.namespace("shop"));
        Files.writeString(files.resolve("web.yaml"), Yaml.deployment("shop", "web", 3, "web:1"));
        cluster = new Cluster(root, Cluster.ledger(), Manifests::decode, Optional.of(files));
        git = cluster.clone("ann");
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aMisspeltFieldIsRejectedWithItsPlaceAndASuggestion() throws Exception {
        String text = Yaml.deployment("shop", "web", 5, "web:1");
        git.write("web.yaml", text.replace("replicas:", "replicsa:"));

        String said = rejected("Misspell");

        assertContains(said, "remote: web.yaml:7:3: ");
        assertContains(said, "replicsa");
        assertContains(said, "did you mean \"replicas\"");
    }

    @Test
    void aBombIsRejected() throws Exception {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i))
                    .append("*a%d, ".formatted(i - 1).repeat(9))
                    .append("*a%d]\n".formatted(i - 1));
        }
        git.write("bomb.yaml", bomb.toString());

        assertContains(rejected("Bomb"), "remote: bomb.yaml:");
    }

    @Test
    void aGoodPushShowsOnlyWhatTheUserChanged() throws Exception {
        git.write("web.yaml", Yaml.deployment("shop", "web", 5, "web:1"));
        git.commit("Scale");

        String said = git.git("push");

        assertContains(said, "remote: changed Deployment.apps/shop/web: replicas 3 → 5");
        assertFalse(said.contains(";"), said);
    }

    private String rejected(String message) throws Exception {
        ClusterState before = cluster.ledger.state();
        git.commit(message);
        GitCommand.Result push = git.run("push");
        assertNotEquals(0, push.exit());
        assertContains(push.output(), "remote: nothing changed");
        assertEquals(before, cluster.ledger.state());
        return push.output();
    }
}
