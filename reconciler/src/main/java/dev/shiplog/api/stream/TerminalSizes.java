package dev.shiplog.api.stream;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.PodSessions;
import dev.shiplog.resource.Json;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The sizes of a client's terminal, as they arrive on the resize channel. */
final class TerminalSizes implements PodSessions.Sizes {
    private static final int MAX_CELLS = 65_535;

    private Optional<Listener> listener = Optional.empty();
    private int columns;
    private int rows;

    @Override
    public synchronized void listen(Listener told) {
        listener = Optional.of(told);
        if (columns > 0 && rows > 0) {
            told.resized(columns, rows);
        }
    }

    /** Takes {@code {"Width":80,"Height":24}}; what is no size is left aside. */
    void resize(byte[] message) {
        JsonNode size;
        try {
            size = Json.parse(new String(message, StandardCharsets.UTF_8)).toNode();
        } catch (RuntimeException e) {
            return;
        }
        resize(size.path("Width").asInt(), size.path("Height").asInt());
    }

    private synchronized void resize(int width, int height) {
        boolean possible = width > 0 && width <= MAX_CELLS && height > 0 && height <= MAX_CELLS;
        if (possible && (width != columns || height != rows)) {
            columns = width;
            rows = height;
            listener.ifPresent(told -> told.resized(width, height));
        }
    }
}
