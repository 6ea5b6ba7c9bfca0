package dev.shiplog.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.ledger.DirectLedger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Which instant people mean, at half past twelve in a zone an hour before UTC's. */
class MomentTest {
    private final Moment moments =
            new Moment(
                    new DirectLedger(() -> Instant.EPOCH),
                    Instant.parse("2026-11-23T11:30:00Z"),
                    ZoneOffset.ofHours(1));

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T14:05:00Z, 2026-11-23T14:05:00Z",
        "2026-11-23 14:05, 2026-11-23T13:05:00Z",
        "2026-11-23, 2026-11-22T23:00:00Z",
        "12:10, 2026-11-23T11:10:00Z",
        "12:10:30, 2026-11-23T11:10:30Z",
        "18:40, 2026-11-22T17:40:00Z",
        "10m, 2026-11-23T11:20:00Z",
        "2h ago, 2026-11-23T09:30:00Z",
    })
    void timesAndAges(String text, Instant meant) {
        assertEquals(Optional.of(meant), moments.time(text));
    }

    @Test
    void whatIsNoTime() {
        assertEquals(Optional.empty(), moments.time("1234"));
        assertEquals(Optional.empty(), moments.time("yesterday"));
    }
}
