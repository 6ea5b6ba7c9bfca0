package dev.shiplog.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Jazzer looks for inputs that break something, guided by which code they reach. An input may take
 * 20 s and 2 GiB.
 *
 * <p>{@code -Dfuzz.seconds=N} chooses how long; {@code -Dfuzz.corpus=FOLDER} keeps what was learnt.
 * What is found goes to {@code src/test/resources/dev/shiplog/fuzz/found/<target>}.
 */
@EnabledIfSystemProperty(
        named = "fuzz.seconds",
        matches = "\\d+",
        disabledReason = "ops/fuzz runs it; its seeds run with every build, in FuzzInputsTest")
final class FuzzIT {
    private static final int INPUT_SECONDS = 20;

    /**
     * The same luck each time, so that a build is red for what changed; -Dfuzz.seed takes another.
     */
    private static final long SEED = 20_261_125;

    private static final int MEMORY_MIB = 2_048;
    private static final int START_SECONDS = 300;

    @TempDir Path folder;

    private final int seconds = Math.max(1, Integer.getInteger("fuzz.seconds", 60));

    @Test
    void nothingBreaks() throws IOException, InterruptedException {
        String kept = System.getProperty("fuzz.corpus", "");
        Path corpus =
                Files.createDirectories(kept.isEmpty() ? folder.resolve("corpus") : Path.of(kept));
        for (FuzzTargets target : FuzzTargets.values()) {
            List<byte[]> seeds = target.seeds();
            for (int i = 0; i < seeds.size(); i++) {
                Files.write(
                        corpus.resolve("seed-" + name(target) + "-" + i),
                        FuzzTarget.input(target, seeds.get(i)));
            }
        }
        Path output = folder.resolve("output");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g",
                                "-XX:+EnableDynamicAgentLoading",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "com.code_intelligence.jazzer.Jazzer",
                                "--target_class=" + FuzzTarget.class.getName(),
                                "--instrumentation_includes=dev.shiplog.**",
                                // It does not get along with Netty.
                                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer",
                                "--reproducer_path=" + folder,
                                "-max_total_time=" + seconds,
                                "-seed=" + Long.getLong("fuzz.seed", SEED),
                                "-timeout=" + INPUT_SECONDS,
                                "-rss_limit_mb=" + MEMORY_MIB,
                                "-max_len=16384",
                                "-artifact_prefix=" + folder + "/found-",
                                corpus.toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertTrue(
                    process.waitFor(seconds + START_SECONDS, TimeUnit.SECONDS),
                    () -> "Jazzer does not end: " + end(output));
        } finally {
            process.destroyForcibly();
        }
        String text = end(output);
        System.out.println("fuzz: " + text.lines().reduce("", (_, line) -> line));
        assertEquals(0, process.exitValue(), () -> found() + text);
    }

    /** The inputs that broke something, for a test to be made of them. */
    private String found() {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.getFileName().toString().startsWith("found-")).toList()) {
                byte[] input = Files.readAllBytes(file);
                if (input.length > 0) {
                    all.append(file.getFileName())
                            .append(", for ")
                            .append(name(FuzzTarget.chosenBy(input)))
                            .append(", in base64: ")
                            .append(Base64.getEncoder().encodeToString(FuzzTarget.rest(input)))
                            .append('\n');
                }
            }
        } catch (IOException e) {
            all.append(e);
        }
        return all.toString();
    }

    private static String name(FuzzTargets target) {
        return target.name().toLowerCase(Locale.ROOT);
    }

    private static String end(Path output) {
        try {
            String text = Files.readString(output, java.nio.charset.StandardCharsets.ISO_8859_1);
            return text.substring(Math.max(0, text.length() - 6_000));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
