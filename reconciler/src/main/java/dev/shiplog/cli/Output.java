package dev.shiplog.cli;

import java.util.Locale;

/** {@code -o}: how a command prints. */
enum Output {
    TEXT,
    JSON;

    /** As people write it, and as completion offers it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
