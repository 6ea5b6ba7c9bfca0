package dev.shiplog.api.auth.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.auth.limit.RequestLimits.Permit;
import dev.shiplog.api.auth.limit.RequestLimits.Share;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class RequestLimitsTest {
    private static final Share SMALL = new Share(10, 20, 3, 2);

    private long now;
    private final RequestLimits limits = new RequestLimits(() -> now);

    private boolean passes(String who) {
        var permit = limits.admit(who, SMALL);
        permit.ifPresent(Permit::close);
        return permit.isPresent();
    }

    @Test
    void aBurstThenARate() {
        for (int i = 0; i < 20; i++) {
            assertTrue(passes("ann"), "the burst");
        }
        assertFalse(passes("ann"));
        assertTrue(passes("bob"), "another's share is another's");
        now += 100_000_000;
        assertTrue(passes("ann"), "a tenth of a second is one request");
        assertFalse(passes("ann"));
        now += 3_600_000_000_000L;
        for (int i = 0; i < 20; i++) {
            assertTrue(passes("ann"), "rest is worth no more than the burst");
        }
        assertFalse(passes("ann"));
    }

    @Test
    void soManyAtOnceAndStreamsApart() {
        List<Permit> held = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            held.add(limits.admit("ann", SMALL).orElseThrow());
        }
        assertTrue(limits.admit("ann", SMALL).isEmpty());
        assertTrue(held.get(0).stream());
        Permit fourth = limits.admit("ann", SMALL).orElseThrow();
        assertTrue(held.get(1).stream());
        assertFalse(held.get(2).stream(), "two streams at most");
        held.get(0).close();
        held.get(0).close();
        assertTrue(held.get(2).stream());
        fourth.close();
        held.forEach(Permit::close);
        for (int i = 0; i < 3; i++) {
            assertTrue(limits.admit("ann", SMALL).isPresent());
        }
        assertTrue(limits.admit("ann", SMALL).isEmpty());
    }

    @Test
    void strangersFillNoMemory() {
        Permit busy = limits.admit("busy", SMALL).orElseThrow();
        for (int i = 0; i < RequestLimits.MAX_CLIENTS * 2; i++) {
            assertTrue(passes("client" + i));
        }
        assertEquals(RequestLimits.MAX_CLIENTS, limits.clients());
        busy.close();
    }
}
