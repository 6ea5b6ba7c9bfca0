package dev.shiplog.api.body;

import dev.shiplog.api.ApiFailure;

import java.util.Arrays;
import java.util.List;

/** Bodies in every language: read, or refused by name. The first byte chooses the language. */
public final class BodyFuzz {
    private static final List<String> TYPES =
            List.of("application/json", "application/yaml", Bodies.PROTOBUF, "text/plain");

    private BodyFuzz() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        byte[] body = Arrays.copyOfRange(data, 1, data.length);
        String type = TYPES.get((data[0] & 0xff) % TYPES.size());
        try {
            Bodies.decode(type, body);
        } catch (ApiFailure expected) {
            status(expected);
        }
        try {
            Bodies.options(type, body);
        } catch (ApiFailure expected) {
            status(expected);
        }
    }

    private static void status(ApiFailure failure) {
        if (failure.status().code() >= 500) {
            throw new AssertionError("expected the client's fault, found " + failure.status());
        }
    }
}
