package dev.shiplog.node.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** When a node says that its runtime does not answer. */
class RuntimeReachTest {
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final List<String> told = new ArrayList<>();
    private final RuntimeReach reach =
            new RuntimeReach(
                    () -> now,
                    (warning, reason, message) ->
                            told.add((warning ? "! " : "") + reason + ": " + message));

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void aShortLossIsToldAndLeavesTheNodeReady() {
        reach.lost("no such file");
        reach.lost("refused");
        pass(RuntimeReach.PATIENCE.minusSeconds(1));
        assertEquals(Optional.empty(), reach.trouble());
        reach.found();
        reach.found();
        pass(RuntimeReach.PATIENCE);
        assertEquals(Optional.empty(), reach.trouble());
        assertEquals(
                List.of(
                        "! ContainerRuntimeDown: container runtime is down: no such file",
                        "ContainerRuntimeUp: container runtime answers again, after 29 s"),
                told);
    }

    @Test
    void oneThatLastsMakesItNotReadyUntilItIsOver() {
        reach.lost("no such file");
        pass(RuntimeReach.PATIENCE);
        assertEquals(Optional.of("no such file"), reach.trouble());
        reach.found();
        assertEquals(Optional.empty(), reach.trouble());
        reach.lost("again");
        assertEquals(Optional.empty(), reach.trouble(), "each loss counts from its own beginning");
    }

    @Test
    void aLookThatTookLongCountsFromWhenItBegan() {
        Instant asked = now;
        pass(RuntimeReach.PATIENCE);
        reach.lost("did not answer within 30 s", asked);
        assertEquals(Optional.of("did not answer within 30 s"), reach.trouble());
    }
}
