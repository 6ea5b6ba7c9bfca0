package dev.shiplog.api;

import java.io.IOException;

/** Answers one kind of request. Called on a virtual thread: it may block. */
public interface Handler {
    /**
     * @throws ApiFailure if the request cannot be granted; it becomes the reply
     */
    Reply handle(Request request) throws IOException, InterruptedException;
}
