package dev.shiplog.api.stream;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Messages;
import dev.shiplog.api.Status;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * How channels share a WebSocket: the subprotocols of Kubernetes' remote command. Version 5 differs
 * from 4 in that a channel can be closed. The base64 form is for browsers: text, the channel as a
 * digit.
 */
enum ChannelProtocol {
    V5("v5.channel.k8s.io", false),
    V4("v4.channel.k8s.io", false),
    V4_BASE64("v4.base64.channel.k8s.io", true);

    /** Those in which commands are run, the best first. */
    static final List<ChannelProtocol> COMMANDS = List.of(V5, V4, V4_BASE64);

    /** Those in which ports are forwarded: there, no channel is closed. */
    static final List<ChannelProtocol> PORTS = List.of(V4, V4_BASE64);

    private final String text;
    private final boolean base64;

    ChannelProtocol(String text, boolean base64) {
        this.text = text;
        this.base64 = base64;
    }

    String text() {
        return text;
    }

    /**
     * The first of the client's protocols that we speak.
     *
     * @param header the {@code Sec-WebSocket-Protocol} that it sent
     * @param ours those that we speak here
     * @throws ApiFailure 400 if there is none
     */
    static ChannelProtocol negotiate(Optional<String> header, List<ChannelProtocol> ours) {
        for (String offered : header.orElse("").split(",", -1)) {
            for (ChannelProtocol protocol : ours) {
                if (protocol.text.equals(offered.strip())) {
                    return protocol;
                }
            }
        }
        throw new ApiFailure(
                Status.badRequest(
                        "unable to negotiate a protocol: client supports ["
                                + header.orElse("")
                                + "], server accepts "
                                + ours.stream().map(ChannelProtocol::text).toList()));
    }

    /** A part of a message: its channel's number, and the bytes. */
    record Part(int channel, byte[] bytes) {}

    /** Reads a message; empty if it is empty or no message of this protocol. */
    Optional<Part> decode(Messages.Message message) {
        byte[] bytes = message.bytes();
        if (bytes.length == 0 || message.text() != base64) {
            return Optional.empty();
        }
        byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
        if (!base64) {
            return Optional.of(new Part(bytes[0] & 0xFF, rest));
        }
        try {
            return Optional.of(new Part(bytes[0] - '0', Base64.getDecoder().decode(rest)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Sends bytes over a channel. */
    void send(Messages messages, int channel, byte[] bytes, int offset, int length)
            throws IOException {
        if (base64) {
            byte[] part = Arrays.copyOfRange(bytes, offset, offset + length);
            String encoded =
                    new String(Base64.getEncoder().encode(part), StandardCharsets.US_ASCII);
            messages.send((char) ('0' + channel) + encoded);
            return;
        }
        byte[] message = new byte[length + 1];
        message[0] = (byte) channel;
        System.arraycopy(bytes, offset, message, 1, length);
        messages.send(message);
    }
}
