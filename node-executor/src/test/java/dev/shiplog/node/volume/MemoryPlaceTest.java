package dev.shiplog.node.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.image.Trees;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Nothing that was secret outlives its node for long. */
class MemoryPlaceTest {
    @Test
    void whatANodeLeftGoesWhenItsFolderIsGone(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "not Linux");
        Path killed = Files.createDirectories(folder.resolve("killed"));
        Path lives = Files.createDirectories(folder.resolve("lives"));
        Path left = MemoryPlace.find(killed.resolve("volumes"));
        assumeTrue(!left.startsWith(folder), "no file system in memory that everybody sees");
        Path kept = MemoryPlace.find(lives.resolve("volumes"));
        try {
            Files.writeString(left.resolve("password"), "secret");
            Files.writeString(kept.resolve("password"), "secret");
            Files.delete(killed);
            assertEquals(kept, MemoryPlace.find(lives.resolve("volumes")));
            assertFalse(Files.exists(left));
            assertTrue(Files.exists(kept.resolve("password")));
        } finally {
            MemoryPlace.remove(kept);
            MemoryPlace.remove(left);
        }
        assertFalse(Files.exists(kept));
        try (var all = Files.list(above(above(kept)))) {
            assertTrue(
                    all.noneMatch(path -> path.equals(above(kept))), "nothing is remembered of it");
        }
    }

    /** Where everybody may write, somebody may be there first to read what comes. */
    @Test
    void anotherUsersDirectoryIsNotUsed(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "not Linux");
        assumeTrue(
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "only root gives files away");
        Path node = Files.createDirectories(folder.resolve("node")).resolve("volumes");
        Path own = above(MemoryPlace.find(node));
        assumeTrue(!own.startsWith(folder), "no file system in memory that everybody sees");
        try {
            Files.setAttribute(own, "unix:uid", 65_534);
            IOException refused = assertThrows(IOException.class, () -> MemoryPlace.find(node));
            assertTrue(String.valueOf(refused.getMessage()).contains(own.toString()));
            Files.delete(above(node));
            MemoryPlace.find(folder.resolve("other"));
            assertTrue(Files.exists(own), "what is another's is not swept");

            Trees.delete(own);
            Files.createSymbolicLink(own, folder);
            assertThrows(IOException.class, () -> MemoryPlace.find(node));
        } finally {
            Trees.delete(own);
            MemoryPlace.remove(MemoryPlace.find(folder.resolve("other")));
        }
    }

    private static Path above(Path path) {
        return Optional.ofNullable(path.getParent()).orElseThrow();
    }
}
