package dev.shiplog.api.read;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.resource.Position;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where the next page of a list begins: in which revision, and after which resource. Opaque to
 * clients.
 */
record ContinueToken(Position revision, String namespace, String name) {
    private static final String FORM = "1";

    String text() {
        String plain = String.join("\n", FORM, revision.toString(), namespace, name);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    static ContinueToken parse(String text) {
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            String[] parts = plain.split("\n", -1);
            if (parts.length == 4 && parts[0].equals(FORM)) {
                return new ContinueToken(
                        new Position(Long.parseLong(parts[1])), parts[2], parts[3]);
            }
        } catch (IllegalArgumentException e) {
            throw unreadable(text, e);
        }
        throw unreadable(text, new IllegalArgumentException("wrong form"));
    }

    private static ApiFailure unreadable(String text, IllegalArgumentException cause) {
        return new ApiFailure(
                Status.badRequest(
                        "continue key is not valid: expected one that a list gave, found \""
                                + text
                                + "\""),
                cause);
    }
}
