package dev.shiplog.resource.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityValueTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0Mi, 0",
        "1, 1",
        "+1, 1",
        "1.0, 1",
        "0.5, 500m",
        ".5, 500m",
        "1.5, 1500m",
        "1000m, 1",
        "1500m, 1500m",
        "0.1m, 100u",
        "1n, 1n",
        "0.1n, 1n",
        "-0.5, -500m",
        "1000, 1k",
        "1500, 1500",
        "1000k, 1M",
        "1024, 1024",
        "1024Ki, 1Mi",
        "1024Mi, 1Gi",
        "1.5Gi, 1536Mi",
        "0.5Ki, 512",
        "0.1Ki, 102400m",
        "1536Ki, 1536Ki",
        "1e3, 1e3",
        "1E3, 1e3",
        "12e0, 12",
        "1E, 1E",
        "8Ei, 8Ei"
    })
    void textIsCanonical(String text, String canonical) {
        QuantityValue value = QuantityValue.parse(text).orElseThrow();
        assertEquals(canonical, value.toString());
        QuantityValue again = QuantityValue.parse(canonical).orElseThrow();
        assertEquals(canonical, again.toString());
        assertEquals(0, value.compareTo(again));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1 core", "12MB", "1,5", "--1", "1ki", "1e", "Mi", "1.2.3"})
    void otherTextIsNone(String text) {
        assertTrue(QuantityValue.parse(text).isEmpty());
    }

    @Test
    void absurdNumbersTakeNoTime() {
        assertTrue(QuantityValue.parse("9".repeat(1_000_000)).isEmpty());
        assertTrue(QuantityValue.parse("1e999999999").isEmpty());
    }
}
