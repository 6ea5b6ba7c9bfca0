package dev.shiplog.node.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

final class AtomicFilesTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00.000000001Z");

    @TempDir Path folder;

    private static SortedMap<String, FileContent> files(String... pairs) {
        SortedMap<String, FileContent> files = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            files.put(
                    pairs[i], new FileContent(pairs[i + 1].getBytes(StandardCharsets.UTF_8), 0640));
        }
        return files;
    }

    private void write(SortedMap<String, FileContent> files) throws IOException {
        new AtomicFiles(folder, OptionalLong.empty()).write(files, NOW);
    }

    private String data() throws IOException {
        return Files.readSymbolicLink(folder.resolve("..data")).toString();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void filesAreLinksThroughOneDirectory() throws Exception {
        write(files("a", "one", "deep/b", "two"));
        assertEquals("one", Files.readString(folder.resolve("a")));
        assertEquals("two", Files.readString(folder.resolve("deep/b")));
        assertEquals(List.of("..2026_11_25_12_00_00.000000001", "..data", "a", "deep"), names());
        assertEquals("..data/a", Files.readSymbolicLink(folder.resolve("a")).toString());
        assertEquals(
                "rw-r-----",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("a").toRealPath())));
    }

    @Test
    void aChangeChangesAllAtOnceAndLeavesNothingBehind() throws Exception {
        write(files("a", "one", "b", "two"));
        String before = data();
        // Who has the old directory open goes on seeing it whole until it is gone.
        Path old = folder.resolve("..data").toRealPath();
        write(files("a", "ONE", "c", "three"));
        assertNotEquals(before, data());
        assertEquals("ONE", Files.readString(folder.resolve("a")));
        assertFalse(Files.exists(folder.resolve("b"), LinkOption.NOFOLLOW_LINKS));
        assertFalse(Files.exists(old));
        assertEquals(List.of(data(), "..data", "a", "c"), names());
    }

    @Test
    void whatIsAsItShouldBeIsLeftAlone() throws Exception {
        write(files("a", "one"));
        String before = data();
        write(files("a", "one"));
        assertEquals(before, data());
    }

    @Test
    void aChangeThatWasCutOffIsMadeAgain() throws Exception {
        write(files("a", "one"));
        // As if the program had died before the rename.
        Path half = Files.createDirectory(folder.resolve("..2026_11_25_12_00_00.000000002"));
        Files.writeString(half.resolve("a"), "ha");
        Files.createSymbolicLink(folder.resolve("..data_tmp"), half.getFileName());
        write(files("a", "two"));
        assertEquals("two", Files.readString(folder.resolve("a")));
        assertEquals(List.of(data(), "..data", "a"), names());
    }

    @Test
    void nothingIsADirectoryToo() throws Exception {
        write(files());
        assertTrue(Files.isDirectory(folder.resolve("..data")));
    }
}
