package dev.shiplog.api.stream;

/** The channels of one WebSocket; a message's first byte says which. */
enum Channel {
    STDIN(0),
    STDOUT(1),
    STDERR(2),
    ERROR(3),
    RESIZE(4);

    /** The first byte of a message whose second says which channel has ended. */
    static final int CLOSE = 255;

    private final int id;

    Channel(int id) {
        this.id = id;
    }

    int id() {
        return id;
    }
}
