package dev.shiplog.node.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

class SctpTest {
    @TempDir Path folder;

    @Test
    void itIsThereIfItIsSpokenOrCouldBeLoaded() throws Exception {
        Path protocols =
                Files.writeString(folder.resolve("protocols"), "protocol  size\nTCP  2432\n");
        Path modules = Files.createDirectory(folder.resolve("modules"));
        assertTrue(Sctp.objection(protocols, modules).orElse("").contains("no SCTP"));
        Files.writeString(
                modules.resolve("modules.dep"),
                "kernel/net/sctp/sctp.ko.xz: kernel/lib/libcrc32c.ko.xz\n");
        assertEquals(Optional.empty(), Sctp.objection(protocols, modules));
        Files.delete(modules.resolve("modules.dep"));
        Files.writeString(protocols, "protocol  size\nSCTP      1824\n");
        assertEquals(Optional.empty(), Sctp.objection(protocols, modules));
    }
}
