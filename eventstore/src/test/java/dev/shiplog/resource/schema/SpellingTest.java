package dev.shiplog.resource.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class SpellingTest {
    @ParameterizedTest
    @CsvSource({
        "'', '', 0",
        "a, '', 1",
        "'', ab, 2",
        "ab, ba, 1",
        "abc, acb, 1",
        "replcias, replicas, 1",
        "kitten, sitting, 3",
        "ca, abc, 3"
    })
    void distanceCountsSlips(String a, String b, int distance) {
        assertEquals(distance, Spelling.distance(a, b));
        assertEquals(distance, Spelling.distance(b, a));
    }

    @ParameterizedTest
    @CsvSource({
        "portS, ports",
        "vl, v1",
        "apps/vlbeta2, apps/v1beta2",
        "Notln, NotIn",
        "externalTrafficPorcy, externalTrafficPolicy",
        "xyz, ''",
        "'', ''"
    })
    void nearestIsTheWordThatWasMeant(String word, String meant) {
        List<String> words =
                List.of(
                        "ports",
                        "v1",
                        "apps/v1",
                        "apps/v1beta2",
                        "In",
                        "NotIn",
                        "type",
                        "externalTrafficPolicy");
        assertEquals(meant, Spelling.nearest(word, words).orElse(""));
    }
}
