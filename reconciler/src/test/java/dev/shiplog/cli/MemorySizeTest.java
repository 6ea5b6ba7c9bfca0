package dev.shiplog.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.OptionalLong;

/** guide row 55: {@code --memory} as users of minikube write it. */
class MemorySizeTest {
    private static final long INSTALLED = 8L << 30;

    @ParameterizedTest
    @CsvSource({
        "4096, 4294967296",
        "4096m, 4294967296",
        "4096mb, 4294967296",
        "4096MiB, 4294967296",
        "4g, 4294967296",
        "4 GB, 4294967296",
        "4Gi, 4294967296",
        "1.5g, 1610612736",
        "262144k, 268435456",
    })
    void unitsArePowersOf1024AndMebibytesWhereNoneIsSaid(String text, long bytes) {
        assertEquals(OptionalLong.of(bytes), MemorySize.parse(text, INSTALLED).bytes());
    }

    @Test
    void maxIsNoLimit() {
        assertEquals(OptionalLong.empty(), MemorySize.parse("max", INSTALLED).bytes());
    }

    @ParameterizedTest
    @CsvSource({
        "much, 'such as 4g, 4096mb, 4Gi or max, found \"much\"'",
        "-4g, found \"-4g\"",
        "4gg, found \"4gg\"",
        "'', found \"\"",
        "100, 'expected at least 128 MiB, found \"100\", which is 100 MiB'",
        "9g, 'what this machine has, 8.0 GiB, found \"9g\"'",
        "999999999t, what this machine has",
    })
    void whatCannotBeIsRefused(String text, String message) {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class, () -> MemorySize.parse(text, INSTALLED));
        assertTrue(String.valueOf(refused.getMessage()).contains(message), refused.getMessage());
    }
}
