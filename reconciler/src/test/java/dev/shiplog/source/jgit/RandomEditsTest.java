package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.yaml.Manifests;
import dev.shiplog.source.Author;
import dev.shiplog.source.Declarations.Change;
import dev.shiplog.source.Declarations.Edit;
import dev.shiplog.source.Declarations.Result;
import dev.shiplog.source.Pusher;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Objects that come and go again, so that folders are what they were before, and readers between.
 */
class RandomEditsTest {
    private static final int EDITS = 150;
    private static final int NAMES = 6;
    private static final List<String> NAMESPACES = List.of("shop", "bank");

    @TempDir Path root;

    @Test
    void whoeverReadsBetweenFindsEveryFolderWhole() throws Exception {
        Path files = Files.createDirectories(root.resolve("first"));
        for (String namespace : NAMESPACES) {
            Files.writeString(files.resolve(namespace + ".yaml"), Yaml.namespace(namespace));
        }
        Random random = new Random(7);
        Set<ResourceKey> there = new TreeSet<>();
        try (Cluster cluster =
                new Cluster(root, Cluster.ledger(), Manifests::decode, Optional.of(files))) {
            GitCommand git = cluster.clone("ann");
            GitCommand bare = new GitCommand(git.directory(), root.resolve("git/cluster.git"));
            for (int i = 0; i < EDITS; i++) {
                ResourceKey key =
                        ResourceKey.pod(
                                NAMESPACES.get(random.nextInt(NAMESPACES.size())),
                                "p" + random.nextInt(NAMES));
                Change change =
                        there.remove(key)
                                ? new Change.Remove(key)
                                : new Change.Put(key, Optional.empty(), pod(key));
                if (change instanceof Change.Put) {
                    there.add(key);
                }
                Edit edit =
                        new Edit(
                                new Author("ann", "ann@shiplog.local"),
                                new Pusher("ann"),
                                "Edit " + i + "\n",
                                List.of(change),
                                false);
                assertInstanceOf(
                        Result.Written.class,
                        cluster.repository.declarations().write(edit).get(60, TimeUnit.SECONDS));
                switch (random.nextInt(8)) {
                    case 0 -> {
                        git.git("pull", "--quiet");
                        assertEquals("Edit " + i, git.git("log", "-1", "--format=%s").strip());
                    }
                    case 1, 2 -> cluster.repository.history().info(cluster.repository.head().get());
                    default -> {}
                }
            }
            git.git("pull", "--quiet");
            git.git("fsck", "--strict", "--full");
            bare.git("fsck", "--strict", "--full");
            assertEquals(
                    Integer.toString(EDITS + 1), git.git("rev-list", "--count", "HEAD").strip());
        }
    }

    private static Json pod(ResourceKey key) {
        ObjectNode document =
                Manifests.decode(
                                "p",
                                Yaml.pod(key.namespace(), key.name())
                                        .getBytes(StandardCharsets.UTF_8),
                                "default")
                        .resources()
                        .getFirst()
                        .body()
                        .toObject();
        document.put("apiVersion", "v1").put("kind", "Pod");
        document.putObject("metadata").put("name", key.name()).put("namespace", key.namespace());
        return Json.of(document);
    }
}
