package dev.shiplog.node.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

final class ExpansionTest {
    @ParameterizedTest
    @CsvSource({
        "plain,plain",
        "$(A),x",
        "$(A)$(B),xy z",
        "$(C),$(C)",
        "$$(A),$(A)",
        "$$$(A),$x",
        "$,$",
        "a$,a$",
        "$A,$A",
        "$(A,$(A",
        "$(),$()",
        "$(A$(B),$(A$(B)",
    })
    void expandsAsKubernetesDoes(String text, String expected) {
        assertEquals(expected, Expansion.expand(text, Map.of("A", "x", "B", "y z")));
    }
}
