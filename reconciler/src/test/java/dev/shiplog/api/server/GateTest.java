package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.AccessJournal;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Messages;
import dev.shiplog.api.Query;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.auth.limit.RequestLimits;
import dev.shiplog.api.auth.limit.RequestLimits.Share;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.auth.Access;
import dev.shiplog.api.auth.TokenAuthenticator;
import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A session counts as its client's for as long as it lasts. */
class GateTest {
    private record Asked(String rawPath) implements Request {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public Query query() {
            return Query.EMPTY;
        }

        @Override
        public Optional<String> header(String name) {
            return name.equals("Authorization") ? Optional.of("Bearer x") : Optional.empty();
        }

        @Override
        public Identity identity() {
            return Identity.authenticated("ann", List.of());
        }

        @Override
        public String id() {
            return "1";
        }

        @Override
        public InputStream body() {
            return InputStream.nullInputStream();
        }
    }

    private static final class Idle implements Reply.Talk {
        private boolean closed;

        @Override
        public void talk(Messages messages) {}

        @Override
        public void close() {
            closed = true;
        }
    }

    private final Deque<Idle> talks = new ArrayDeque<>();
    private final Gate gate =
            new Gate(
                    _ -> {
                        talks.add(new Idle());
                        return new Reply.WebSocket("", talks.getLast());
                    },
                    new RequestLimits(() -> 0),
                    AccessJournal.NONE);

    @Test
    void sessionsAreStreamsUntilTheyEnd() throws Exception {
        Deque<Reply.Talk> open = new ArrayDeque<>();
        // Escaped, so that the path does not look like a session's.
        Asked exec = new Asked("/api/v1/namespaces/default/pods/p/%65xec");
        for (int i = 0; i < Share.KNOWN.streams(); i++) {
            open.add(assertInstanceOf(Reply.WebSocket.class, gate.handle(exec), "at " + i).talk());
        }
        assertEquals(429, gate.handle(exec).code());
        assertTrue(talks.getLast().closed, "the session that was too many");
        open.removeFirst().close();
        assertTrue(talks.getFirst().closed, "the session that ended");
        assertEquals(101, gate.handle(exec).code());
    }

    /** A name goes into commits, a line each. */
    @Test
    void nobodysNameHoldsALineBreak() {
        for (Identity who :
                List.of(
                        Identity.authenticated("ann\nShiplog-Allow-Delete: true", List.of()),
                        Identity.authenticated("ann", List.of("a\u0085b")))) {
            Authentications authentications =
                    new Authentications(
                            (_, _) -> new TokenAuthenticator.Outcome.Known(who, List.of()),
                            new Access(Authorizer.masters(), AccessJournal.NONE));
            assertTrue(
                    authentications
                            .identify(Identity.ANONYMOUS, new Asked("/api"))
                            .refusal()
                            .isPresent(),
                    who.name());
        }
    }
}
