package dev.shiplog.node.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Lives of pods as scripts. Each file under {@code scenarios/} is a pod in YAML, then commands
 * ({@code > tick 10s}), each followed by everything that the node did and reported because of it.
 * Run with {@code -Dshiplog.golden.update=true} to write what happens now into the source tree,
 * then read the difference.
 */
final class ScenarioTest {
    private static final Path SOURCES =
            Path.of("src/test/resources/dev/shiplog/node/worker/scenarios");

    @TestFactory
    Stream<DynamicTest> scenarios() throws IOException, URISyntaxException {
        Path folder =
                Path.of(
                        Objects.requireNonNull(getClass().getResource("scenarios"), "scenarios")
                                .toURI());
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.sorted().toList();
        }
        return files.stream()
                .map(file ->
                        DynamicTest.dynamicTest(
                                String.valueOf(file.getFileName()), () -> check(file)));
    }

    private static void check(Path file) throws Exception {
        String expected = Files.readString(file);
        String found = Scenario.play(expected);
        if (Boolean.getBoolean("shiplog.golden.update")) {
            Files.writeString(SOURCES.resolve(file.getFileName()), found);
        } else {
            assertEquals(expected, found);
        }
    }
}
