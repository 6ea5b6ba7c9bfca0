package dev.shiplog.api.dashboard;

import dev.shiplog.api.Identity;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who may look, by secrets that only they know. A browser shows no certificate and no token, so who
 * is known gets a ticket for it: it is good once, for a minute, and is exchanged for a session.
 * Both are kept in memory only and end with the server.
 */
final class Guests {
    /** How long a ticket waits for its browser. */
    static final Duration TICKET = Duration.ofMinutes(1);

    /** How long a browser stays let in. */
    static final Duration SESSION = Duration.ofHours(12);

    /** So many of each are kept; the oldest go first. */
    static final int MOST = 64;

    private static final int SECRET_BYTES = 32;

    private record Guest(Identity who, Instant until) {}

    private final Map<String, Guest> tickets = new LinkedHashMap<>();
    private final Map<String, Guest> sessions = new LinkedHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;

    Guests(InstantSource clock) {
        this.clock = clock;
    }

    /** A ticket for a browser of somebody who is known. */
    synchronized String ticket(Identity who) {
        return put(tickets, who, TICKET);
    }

    /** The session that a ticket is exchanged for; empty if it is not, or no longer, good. */
    synchronized Optional<String> enter(String ticket) {
        return valid(Optional.ofNullable(tickets.remove(ticket)))
                .map(guest -> put(sessions, guest.who(), SESSION));
    }

    /** Whose session it is. */
    synchronized Optional<Identity> who(String session) {
        return valid(Optional.ofNullable(sessions.get(session))).map(Guest::who);
    }

    private Optional<Guest> valid(Optional<Guest> found) {
        return found.filter(guest -> clock.instant().isBefore(guest.until()));
    }

    private String put(Map<String, Guest> guests, Identity who, Duration life) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        guests.put(key, new Guest(who, clock.instant().plus(life)));
        if (guests.size() > MOST) {
            guests.remove(guests.keySet().iterator().next());
        }
        return key;
    }
}
