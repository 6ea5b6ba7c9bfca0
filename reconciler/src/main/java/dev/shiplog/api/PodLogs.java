package dev.shiplog.api;

import dev.shiplog.resource.Resource;

import java.io.IOException;
import java.io.OutputStream;

/** Where the logs of containers come from. */
public interface PodLogs {
    /**
     * Writes a container's log. Flushes after each piece that a reader should see now. With {@code
     * follow}, returns once the container has ended; the calling thread is interrupted when the
     * reader leaves.
     *
     * @param container a container of the pod that has started at least once
     * @param previous the log of the container's life before this one
     * @throws ApiFailure if there is no such log; nothing may have been written then
     */
    void write(Resource pod, String container, boolean previous, LogQuery query, OutputStream out)
            throws IOException, InterruptedException;
}
