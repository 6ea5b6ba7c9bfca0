package dev.shiplog.node.network.service;

/** One way in that this program listens at. */
interface Relay extends AutoCloseable {
    /** Ends listening; connections of TCP go on. */
    @Override
    void close();
}
