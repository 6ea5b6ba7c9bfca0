package dev.shiplog.api.stream;

/** The channels of one WebSocket; a message's first byte says which. */
enum Channel {
    STDIN,
    STDOUT,
    STDERR,
    ERROR,
    RESIZE;

    /** The first byte of a message whose second says which channel has ended. */
    static final int CLOSE = 255;

    int id() {
        return ordinal();
    }
}
