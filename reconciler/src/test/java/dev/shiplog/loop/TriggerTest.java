package dev.shiplog.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.journal.Cause;
import dev.shiplog.journal.FurtherCauses;
import dev.shiplog.journal.Origin;
import dev.shiplog.resource.Position;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Whoever was woken by several events says so. */
class TriggerTest {
    @Test
    void theOneThatExplainsMostIsTheCauseAndTheOthersAreNamed() {
        Origin woken = observed(9).and(wished(3)).and(observed(7)).followedBy("controller:x");

        assertEquals(new Cause.At(new Position(3)), woken.cause());
        assertEquals("request-3", woken.correlation());
        assertEquals(further(0, 7, 9), woken.further());
    }

    @Test
    void whatIsWishedLaterExplainsMore() {
        assertEquals(
                new Cause.At(new Position(5)),
                wished(3).and(wished(5)).followedBy("controller:x").cause());
        assertEquals(
                wished(5).and(wished(3)).followedBy("controller:x"),
                wished(3).and(wished(5)).followedBy("controller:x"));
    }

    @Test
    void theSameEventCountsOnce() {
        Trigger both = wished(3).and(observed(4));
        assertEquals(both, both.and(observed(4)).and(wished(3)));
    }

    @Test
    void ofManyThoseThatExplainMostAreNamedAndTheRestCounted() {
        Trigger trigger = wished(1).and(wished(2));
        for (long position = 10; position < 30; position++) {
            trigger = trigger.and(observed(position));
        }
        Origin woken = trigger.followedBy("controller:x");

        assertEquals(new Cause.At(new Position(2)), woken.cause());
        assertEquals(further(14, 1, 24, 25, 26, 27, 28, 29), woken.further());
    }

    private static Trigger wished(long position) {
        return trigger(position, true);
    }

    private static Trigger observed(long position) {
        return trigger(position, false);
    }

    private static Trigger trigger(long position, boolean decisive) {
        return new Trigger(
                new Position(position),
                Origin.request("user:test", "request-" + position),
                decisive);
    }

    private static FurtherCauses further(int unnamed, long... positions) {
        return new FurtherCauses(
                List.of(
                        java.util.Arrays.stream(positions)
                                .mapToObj(Position::new)
                                .toArray(Position[]::new)),
                unnamed);
    }
}
