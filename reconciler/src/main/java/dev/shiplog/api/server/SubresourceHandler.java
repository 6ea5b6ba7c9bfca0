package dev.shiplog.api.server;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.served.ServedResource;

import java.io.IOException;
import java.util.Optional;

/**
 * Answers what stands below single resources of one kind. Whether it is allowed was asked before.
 */
interface SubresourceHandler {
    /**
     * @param name the name in the path, decoded
     * @throws ApiFailure if the request cannot be granted, 405 for a method that is not known here
     */
    Reply answer(Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException;
}
