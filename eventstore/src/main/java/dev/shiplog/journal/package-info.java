/**
 * Owns: the log as a port — append at a condition, read, subscribe, snapshot — and the envelope
 * that every event travels in.
 *
 * <p>Never does: look inside a payload. What an event means is {@code dev.shiplog.event} and {@code
 * dev.shiplog.state}.
 *
 * <p>Read next: {@link dev.shiplog.journal.Journal}, then an engine such as {@code journal.sqlite}.
 */
@NullMarked
package dev.shiplog.journal;

import org.jspecify.annotations.NullMarked;
