package dev.shiplog.node.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class BackoffTest {
    private static final Instant START = Instant.EPOCH;

    @Test
    void doublesFromTenSecondsToFiveMinutes() {
        List<String> delays = new ArrayList<>();
        Optional<Backoff> backoff = Optional.empty();
        for (int i = 0; i < 7; i++) {
            backoff = Optional.of(Backoff.next(backoff, START, START));
            delays.add(Backoff.text(backoff.get().delay()));
        }
        assertEquals(List.of("10s", "20s", "40s", "1m20s", "2m40s", "5m0s", "5m0s"), delays);
    }

    @Test
    void theFirstFailureHoldsNothingBack() {
        assertEquals(Optional.empty(), Backoff.heldUntil(Optional.empty(), START));
    }

    @Test
    void isForgottenAfterALongLifeOnly() {
        Optional<Backoff> backoff = Optional.of(new Backoff(Duration.ofSeconds(40), START));
        Instant tenMinutes = START.plus(Backoff.FORGOTTEN_AFTER);
        assertEquals(
                Optional.of(tenMinutes.plusSeconds(40)), Backoff.heldUntil(backoff, tenMinutes));
        assertEquals(Optional.empty(), Backoff.heldUntil(backoff, tenMinutes.plusSeconds(1)));
        assertEquals(
                Backoff.FIRST,
                Backoff.next(backoff, tenMinutes.plusSeconds(1), tenMinutes.plusSeconds(1))
                        .delay());
    }
}
