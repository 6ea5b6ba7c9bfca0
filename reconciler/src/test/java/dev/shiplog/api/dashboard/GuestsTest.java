package dev.shiplog.api.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.Identity;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who is let in to the page, and for how long. */
class GuestsTest {
    private static final Identity JANE = Identity.authenticated("jane", List.of());

    private Instant now = Instant.parse("2026-11-26T00:00:00Z");
    private final Guests guests = new Guests(() -> now);

    @Test
    void aTicketIsGoodOnce() {
        String ticket = guests.ticket(JANE);
        assertEquals(Optional.empty(), guests.who(ticket), "a ticket is no session");
        String session = guests.enter(ticket).orElseThrow();
        assertEquals(Optional.empty(), guests.enter(ticket));
        assertEquals(Optional.of(JANE), guests.who(session));
        assertEquals(Optional.empty(), guests.enter(session), "a session is no ticket");
    }

    @Test
    void aTicketIsGoodForAMinute() {
        String ticket = guests.ticket(JANE);
        now = now.plus(Guests.TICKET);
        assertEquals(Optional.empty(), guests.enter(ticket));
    }

    @Test
    void aSessionEnds() {
        String session = guests.enter(guests.ticket(JANE)).orElseThrow();
        now = now.plus(Guests.SESSION).minus(Duration.ofSeconds(1));
        assertTrue(guests.who(session).isPresent());
        now = now.plusSeconds(1);
        assertEquals(Optional.empty(), guests.who(session));
    }

    @Test
    void whatNobodyWasGivenLetsNobodyIn() {
        assertEquals(Optional.empty(), guests.enter(""));
        assertEquals(Optional.empty(), guests.who("guess"));
    }

    @Test
    void noMoreAreKeptThanTheBound() {
        List<String> tickets = new ArrayList<>();
        for (int i = 0; i <= Guests.MOST; i++) {
            tickets.add(guests.ticket(JANE));
        }
        assertEquals(Optional.empty(), guests.enter(tickets.getFirst()));
        assertTrue(guests.enter(tickets.getLast()).isPresent());
    }
}
