package dev.shiplog.loop;

import java.util.Optional;

/** Whether there is room for what controllers would create. */
public interface Room {
    /** There always is. */
    Room ENOUGH = Optional::empty;

    /**
     * Why there is none, for people, and what to do; empty while there is. The same words each
     * time.
     */
    Optional<String> lacking();
}
