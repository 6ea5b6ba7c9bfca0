package dev.shiplog.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Where an Ingress is answered on this machine.
 *
 * @param host the name that it answers to
 * @param port of this machine
 */
record IngressUrl(String host, int port) {
    private static final Duration ASK = Duration.ofSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final int HTTP = 80;

    /** The first Ingress with a host, if Ingresses are answered. */
    static Optional<IngressUrl> of(ServerClient client, JsonNode status) {
        int port = status.path("ingress").path("http").asInt();
        if (port == 0) {
            return Optional.empty();
        }
        for (JsonNode ingress :
                client.get("/apis/networking.k8s.io/v1/ingresses", ASK).path("items")) {
            for (JsonNode rule : ingress.path("spec").path("rules")) {
                String host = rule.path("host").asText();
                if (!host.isEmpty() && !host.startsWith("*")) {
                    return Optional.of(new IngressUrl(host, port));
                }
            }
        }
        return Optional.empty();
    }

    /** A line for a shell; works whatever the names of this machine lead to. */
    String curl() {
        return "curl -H 'Host: " + host + "' http://127.0.0.1" + suffix() + "/";
    }

    /** For a browser: every name that ends in {@code .localhost} leads there. */
    String url() {
        return "http://" + host + suffix() + "/";
    }

    private String suffix() {
        return port == HTTP ? "" : ":" + port;
    }

    /**
     * The status of the answer to what {@link #curl} asks; 0 if there is none. By a socket: the
     * JDK's client sends no Host header but its own.
     */
    int answer() {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    (int) CONNECT.toMillis());
            socket.setSoTimeout((int) ANSWER.toMillis());
            socket.getOutputStream()
                    .write(
                            ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            String line = String.valueOf(in.readLine());
            String[] words = line.split(" ", -1);
            return words.length > 1 && words[0].startsWith("HTTP/")
                    ? Integer.parseInt(words[1])
                    : 0;
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
    }
}
