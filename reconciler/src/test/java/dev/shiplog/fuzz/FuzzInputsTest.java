package dev.shiplog.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Each target on what once broke it, on the seeds, and on a few thousand inputs made of them by
 * chance that is the same each time.
 */
class FuzzInputsTest {
    private static final int CHANGED_INPUTS = 500;
    private static final long SEED = 20_261_125;

    @ParameterizedTest
    @EnumSource
    void holds(FuzzTargets target) throws Exception {
        List<byte[]> inputs = new ArrayList<>(found(target));
        List<byte[]> seeds = target.seeds();
        inputs.addAll(seeds);
        Random random = new Random(SEED);
        for (int i = 0; i < CHANGED_INPUTS; i++) {
            byte[] one = seeds.get(random.nextInt(seeds.size()));
            byte[] other = seeds.get(random.nextInt(seeds.size()));
            inputs.add(changed(random, one, other));
        }
        for (byte[] input : inputs) {
            try {
                target.target().run(input);
            } catch (Throwable failure) {
                throw new AssertionError(
                        target
                                + " breaks on "
                                + new String(input, java.nio.charset.StandardCharsets.ISO_8859_1)
                                + "\nbase64 "
                                + Base64.getEncoder().encodeToString(input),
                        failure);
            }
        }
        assertTrue(inputs.size() > CHANGED_INPUTS, "" + inputs.size());
    }

    /** Inputs that were found, a file each: {@code found/<target>/<what>}. */
    private static List<byte[]> found(FuzzTargets target) throws IOException, URISyntaxException {
        Optional<URL> folder =
                Optional.ofNullable(
                        FuzzInputsTest.class.getResource(
                                "found/" + target.name().toLowerCase(Locale.ROOT)));
        if (folder.isEmpty()) {
            return List.of();
        }
        List<byte[]> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(folder.get().toURI()))) {
            for (Path file : files.sorted().toList()) {
                inputs.add(Files.readAllBytes(file));
            }
        }
        return inputs;
    }

    private static byte[] changed(Random random, byte[] one, byte[] other) {
        byte[] result = one.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && result.length > 1; changes--) {
            int at = random.nextInt(result.length);
            result =
                    switch (random.nextInt(5)) {
                        case 0 -> with(result, at, (byte) random.nextInt(256));
                        case 1 ->
                                with(
                                        result,
                                        at,
                                        (byte) "\"{}[]:,0-9\n$/\\".charAt(random.nextInt(14)));
                        case 2 ->
                                joined(
                                        result,
                                        at,
                                        result,
                                        Math.min(result.length, at + 1 + random.nextInt(8)));
                        case 3 -> joined(result, at, other, random.nextInt(other.length));
                        default -> joined(result, at, result, Math.max(0, at - random.nextInt(16)));
                    };
        }
        return result;
    }

    private static byte[] with(byte[] bytes, int at, byte value) {
        byte[] result = bytes.clone();
        result[at] = value;
        return result;
    }

    /** The beginning of one and the end of another. */
    private static byte[] joined(byte[] one, int until, byte[] other, int from) {
        byte[] result = Arrays.copyOf(one, until + other.length - from);
        System.arraycopy(other, from, result, until, other.length - from);
        return result;
    }
}
