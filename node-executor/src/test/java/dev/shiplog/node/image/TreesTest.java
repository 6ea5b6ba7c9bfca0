package dev.shiplog.node.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Files that are there complete, and are left alone where nothing is to be written. */
final class TreesTest {
    @TempDir Path folder;

    private static String identity(Path file) throws IOException {
        return String.valueOf(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }

    /** On a full disk nothing more can be written, and what is there must serve. */
    @Test
    void whatIsSoAlreadyIsNotWrittenAgain() throws IOException {
        Path file = folder.resolve("script");
        Trees.ensure(file, new byte[] {1, 2});
        String first = identity(file);
        Trees.ensure(file, new byte[] {1, 2});
        assertEquals(first, identity(file));
        Trees.ensure(file, new byte[] {1, 3});
        assertNotEquals(first, identity(file));
        assertArrayEquals(new byte[] {1, 3}, Files.readAllBytes(file));
    }
}
