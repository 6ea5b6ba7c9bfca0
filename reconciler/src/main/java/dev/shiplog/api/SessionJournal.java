package dev.shiplog.api;

import dev.shiplog.resource.Resource;
import dev.shiplog.resource.SessionKind;

import java.util.List;

/** Where it is written down who reached into which pod. */
public interface SessionJournal {
    /** Written nowhere. */
    SessionJournal NONE = (_, _, _, _, _, _) -> _ -> {};

    /**
     * Writes down that a session begins. Returns once that is durable: a session that nobody could
     * ever hear of does not begin.
     *
     * @param container empty for a port-forward
     * @param command what is run; for a port-forward, the ports
     * @throws ApiFailure if it cannot be written down
     */
    Session opened(
            Identity who,
            Request request,
            SessionKind kind,
            Resource pod,
            String container,
            List<String> command)
            throws InterruptedException;

    /** A session that began. */
    interface Session {
        /**
         * Writes down that it is over; once.
         *
         * @param outcome such as {@code exit code 0}
         */
        void closed(String outcome);
    }
}
