package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** What the JDK's own client throws, in words. */
class UnreachableTest {
    @Test
    void whoDoesNotListenAndWhoIsNotKnown() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        assertEquals("nothing there takes the connection", said("http://127.0.0.1:" + port));
        assertEquals("no address is known for its name", said("http://nowhere.invalid:1"));
        assertEquals("GOAWAY received", Unreachable.said(new IOException("GOAWAY received")));
    }

    private static String said(String url) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return Unreachable.said(
                    assertThrows(
                            IOException.class,
                            () ->
                                    client.send(
                                            HttpRequest.newBuilder(URI.create(url)).build(),
                                            HttpResponse.BodyHandlers.discarding())));
        }
    }
}
