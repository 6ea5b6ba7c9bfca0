package dev.shiplog.node.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
        try (var all = Files.list(kept.getParent())) {
            assertTrue(
                    all.noneMatch(path -> path.toString().startsWith(kept.toString())),
                    "nothing is remembered of it");
        }
    }
}
