package dev.shiplog.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Plays every script of {@code scenarios/} and compares all commands, events and effects with those
 * written there. {@code -Dscenarios.regenerate=true} writes them anew: read the difference.
 */
class ScenarioTest {
    private static final Path FOLDER = Path.of("src/test/resources/scenarios");

    @TestFactory
    List<DynamicTest> scenarios() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(file.toFile().getName(), () -> play(file)))
                    .toList();
        }
    }

    private static void play(Path script) throws IOException {
        String played = Scenario.play(script);
        if (Boolean.getBoolean("scenarios.regenerate")) {
            Files.writeString(script, played);
        }
        assertEquals(Files.readString(script), played);
    }
}
