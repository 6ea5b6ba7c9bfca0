package dev.shiplog.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The file system made of one busybox binary. */
class BusyboxImageTest {
    @Test
    void everyAppletIsALinkToTheBinary() throws Exception {
        Map<String, String> links = new TreeMap<>();
        var out = new ByteArrayOutputStream();
        BusyboxImage.rootfsTar(busybox(), out);
        try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                links.put(entry.getName(), entry.isSymbolicLink() ? entry.getLinkName() : "");
            }
        }
        assertEquals("busybox", links.get("bin/sh"));
        assertEquals("", links.get("bin/busybox"));
        assertEquals("../../bin/busybox", links.get("usr/bin/env"));
        assertTrue(links.containsKey("tmp/") && links.containsKey("etc/passwd"), links::toString);
    }

    @Test
    void aProgramThatNeedsLibrariesIsRefused() {
        String java = ProcessHandle.current().info().command().orElseThrow();
        IOException refused =
                assertThrows(
                        IOException.class,
                        () ->
                                BusyboxImage.rootfsTar(
                                        Path.of(java), OutputStream.nullOutputStream()));
        assertTrue(String.valueOf(refused.getMessage()).contains("busybox-static"));
    }

    @Test
    void aFileThatIsNoProgramIsRefused(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("busybox"), "#!/bin/sh\n");
        assertThrows(
                IOException.class,
                () -> BusyboxImage.rootfsTar(text, OutputStream.nullOutputStream()));
    }

    private static Path busybox() {
        return BusyboxImage.onThisMachine()
                .orElseThrow(() ->
                        new AssertionError(
                                "no busybox on this machine; run ops/test, which installs"
                                        + " it"));
    }
}
