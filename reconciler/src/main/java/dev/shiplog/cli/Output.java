package dev.shiplog.cli;

/** {@code -o}: how a command prints. */
enum Output {
    TEXT,
    JSON
}
