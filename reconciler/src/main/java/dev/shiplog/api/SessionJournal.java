package dev.shiplog.api;

import dev.shiplog.resource.Resource;

import java.util.List;

/** Where it is written down who reached into which pod, and how that ended. */
public interface SessionJournal {
    /** Writes nothing down. */
    SessionJournal NONE = (_, _, _, _, _, _) -> _ -> {};

    /**
     * Called before the first byte is exchanged, on the session's own thread.
     *
     * @param request what began it
     * @param container empty for a port-forward
     * @param command what is run; empty for an attach, the ports asked for, if they are known, for
     *     a port-forward
     * @throws ApiFailure if the session must not begin, since it cannot be written down
     */
    Entry opened(
            Identity who,
            Request request,
            Kind kind,
            Resource pod,
            String container,
            List<String> command);

    /** What a session is for. */
    enum Kind {
        EXEC,
        ATTACH,
        PORT_FORWARD
    }

    /** A session under way. */
    interface Entry {
        /** Called once, on the session's own thread, which is not interrupted then. */
        void closed(Outcome outcome);
    }

    /** How a session ended. */
    sealed interface Outcome {
        /** The command ended. */
        record Exited(int code) implements Outcome {}

        /** It is over as it should be; there is no exit code. */
        record Ended() implements Outcome {}

        /** The client left, was cut off, or the server stops. */
        record Left() implements Outcome {}

        /** It could not begin or go on. */
        record Failed(String why) implements Outcome {}
    }
}
