package dev.shiplog.api.stream;

import dev.shiplog.api.PodSessions;
import dev.shiplog.api.SessionJournal;
import dev.shiplog.api.StreamLimits;

/**
 * What sessions need.
 *
 * @param sessions where pods are reached
 * @param journal where sessions are written down
 */
public record Streams(PodSessions sessions, SessionJournal journal, StreamLimits limits) {
    /** As a server has them whose sessions nobody writes down. */
    public static Streams of(PodSessions sessions) {
        return new Streams(sessions, SessionJournal.NONE, StreamLimits.DEFAULT);
    }
}
