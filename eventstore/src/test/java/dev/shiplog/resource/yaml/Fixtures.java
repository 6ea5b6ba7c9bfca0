package dev.shiplog.resource.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.command.DeclaredResource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Manifests kept as files, and golden files of what is said of them. */
final class Fixtures {
    /** Run the tests with {@code -Dgolden=write} to write the golden files anew; read the diff. */
    private static final boolean WRITE = "write".equals(System.getProperty("golden"));

    private static final Path ROOT = Path.of("src/test/resources/manifests");

    private Fixtures() {}

    /** The files of a folder of fixtures, sorted. */
    static List<Path> files(String folder) {
        return filesBelow(ROOT.resolve(folder));
    }

    static List<Path> filesBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Manifests.Decoded decode(Path file) {
        try {
            return Manifests.decode(
                    file.getFileName().toString(), Files.readAllBytes(file), "default");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Manifests.Decoded decode(String text) {
        return Manifests.decode("test.yaml", text.getBytes(StandardCharsets.UTF_8), "default");
    }

    static void assertGolden(String name, String actual) {
        Path golden = ROOT.resolve(name);
        try {
            if (WRITE) {
                Files.writeString(golden, actual);
            }
            assertEquals(Files.readString(golden), actual, "run with -Dgolden=write to renew");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that was decoded, for people to read. */
    static String shown(Manifests.Decoded decoded) {
        StringBuilder text = new StringBuilder();
        decoded.problems().forEach(problem -> text.append(problem).append('\n'));
        decoded.warnings()
                .forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        decoded.resources().forEach(resource -> text.append(shown(resource)));
        return text.toString();
    }

    private static String shown(DeclaredResource resource) {
        return "%s %s from line %d%n  labels %s%n  annotations %s%n%s%n"
                .formatted(
                        resource.apiVersion(),
                        resource.key(),
                        resource.line(),
                        resource.labels(),
                        resource.annotations(),
                        resource.body().toNode().toPrettyString().indent(2).stripTrailing());
    }
}
