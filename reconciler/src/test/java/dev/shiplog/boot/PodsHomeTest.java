package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

class PodsHomeTest {
    @TempDir private Path folder;

    @Test
    void aChoiceThatNobodyMadeStaysWhereThePodsAre() throws IOException {
        PodsHome home = new PodsHome(folder.resolve("runtime"));
        assertEquals("auto", home.meant("auto"));
        home.keep("docker");
        assertEquals("docker", home.meant("auto"));
        assertEquals(Optional.empty(), home.left("auto"));
        assertEquals(Optional.empty(), home.left("docker"));
        assertEquals("process", home.meant("process"));
        assertEquals(Optional.of("docker"), home.left("process"));
        assertEquals(Optional.of("docker"), home.left("simulated"));
    }

    @Test
    void simulatedPodsAreNowhereAfterwards() throws IOException {
        PodsHome home = new PodsHome(folder.resolve("runtime"));
        home.keep("simulated");
        assertEquals("auto", home.meant("auto"));
        assertEquals(Optional.empty(), home.left("docker"));
    }
}
