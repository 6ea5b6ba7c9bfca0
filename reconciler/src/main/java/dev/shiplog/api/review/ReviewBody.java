package dev.shiplog.api.review;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.body.Bodies;

import java.io.IOException;

/** Reads the few kinds of this package. */
final class ReviewBody {
    private ReviewBody() {}

    /**
     * @param kind what is expected in it
     * @throws ApiFailure 400 if it is something else
     */
    static ObjectNode read(Request request, String kind) throws IOException {
        ObjectNode body = Bodies.read(request).document();
        String found = body.path("kind").asText(kind);
        if (!found.equals(kind)) {
            throw new ApiFailure(Status.badRequest("expected a " + kind + ", found a " + found));
        }
        return body;
    }
}
