package dev.shiplog.api.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/** The opening handshake of a WebSocket, RFC 6455 section 4.2. */
final class Handshake {
    private static final HeaderName KEY = HeaderNames.create("Sec-WebSocket-Key");
    private static final HeaderName VERSION = HeaderNames.create("Sec-WebSocket-Version");
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;

    private Handshake() {}

    /** What is wrong with the client's half; empty if nothing is. */
    static Optional<String> objection(ServerRequestHeaders headers) {
        Optional<String> version = headers.first(VERSION);
        if (version.filter("13"::equals).isEmpty()) {
            return Optional.of(
                    "expected Sec-WebSocket-Version 13, found \"" + version.orElse("") + "\"");
        }
        Optional<String> key = headers.first(KEY);
        if (key.filter(Handshake::wellFormed).isEmpty()) {
            return Optional.of(
                    "expected a Sec-WebSocket-Key of 16 bytes in base64, found \""
                            + key.orElse("")
                            + "\"");
        }
        return Optional.empty();
    }

    /** Our half, complete with the empty line. */
    static String accept(ServerRequestHeaders headers, String protocol, String id) {
        return "HTTP/1.1 101 Switching Protocols\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + digest(headers.get(KEY).get())
                + (protocol.isEmpty() ? "" : "\r\nSec-WebSocket-Protocol: " + protocol)
                + "\r\nAudit-Id: "
                + id
                + "\r\n\r\n";
    }

    private static boolean wellFormed(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String digest(String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
