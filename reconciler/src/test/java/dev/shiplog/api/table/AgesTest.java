package dev.shiplog.api.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class AgesTest {
    @Test
    void coarserAsTheyGrow() {
        age("0s", "PT-5S");
        age("0s", "PT0S");
        age("119s", "PT119S");
        age("2m", "PT120S");
        age("3m20s", "PT200S");
        age("10m", "PT10M59S");
        age("179m", "PT179M");
        age("3h", "PT3H");
        age("7h59m", "PT7H59M");
        age("8h", "PT8H59M");
        age("47h", "PT47H");
        age("2d", "PT48H");
        age("7d23h", "PT191H");
        age("8d", "PT192H");
        age("729d", "P729D");
        age("2y1d", "P731D");
        age("8y", "P2921D");
    }

    private static void age(String expected, String duration) {
        Instant since = Instant.parse("2024-01-01T00:00:00Z");
        assertEquals(expected, Ages.between(since, since.plus(Duration.parse(duration))));
    }
}
