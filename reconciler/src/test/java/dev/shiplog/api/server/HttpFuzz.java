package dev.shiplog.api.server;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Query;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.resource.Position;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whole requests, without a network: {@code METHOD path?query}, headers, an empty line, a body.
 * Every one is answered, none by 500, and one that is refused has changed nothing.
 */
public final class HttpFuzz {
    /** After so many inputs a cluster has enough in it to be made anew. */
    private static final int INPUTS_PER_CLUSTER = 1_000;

    private static final Identity ADMIN = Identity.authenticated("fuzz", List.of(Identity.MASTERS));

    private static Optional<Running> running = Optional.empty();
    private static int inputs;

    private HttpFuzz() {}

    private record Running(TestCluster cluster, ApiServer.Parts parts) {
        static Running start() throws Exception {
            Path folder = Files.createTempDirectory("http-fuzz");
            folder.toFile().deleteOnExit();
            TestCluster cluster = TestCluster.populated(folder, (_, _, _, _, _) -> {});
            return new Running(cluster, ApiServer.parts(cluster.config()));
        }

        void close() {
            parts.changes().close();
            cluster.close();
        }
    }

    private record Sent(
            String method,
            String rawPath,
            String rawQuery,
            Query query,
            SortedMap<String, List<String>> allHeaders,
            byte[] bytes,
            Identity identity)
            implements Request {
        Sent as(Identity who) {
            return new Sent(method, rawPath, rawQuery, query, allHeaders, bytes, who);
        }

        @Override
        public Optional<String> header(String name) {
            return headers(name).stream().findFirst();
        }

        @Override
        public List<String> headers(String name) {
            return allHeaders.getOrDefault(name, List.of());
        }

        @Override
        public String id() {
            return "fuzz";
        }

        @Override
        public InputStream body() {
            return new ByteArrayInputStream(bytes);
        }
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        Optional<Sent> sent;
        try {
            sent = parsed(data);
        } catch (ApiFailure broken) {
            return;
        }
        if (sent.isEmpty()) {
            return;
        }
        if (running.isEmpty() || ++inputs % INPUTS_PER_CLUSTER == 0) {
            running.ifPresent(Running::close);
            running = Optional.of(Running.start());
        }
        Running now = running.get();
        Position before = now.cluster().ledger.head();
        int code;
        try {
            Identity who = now.parts().authentications().identify(ADMIN, sent.get());
            Reply reply = now.parts().handler().handle(sent.get().as(who));
            code = reply.code();
            if (reply instanceof Reply.WebSocket socket) {
                socket.talk().close();
            }
            if (code == 500 && reply instanceof Reply.Whole whole) {
                throw new AssertionError(new String(whole.body(), StandardCharsets.UTF_8));
            }
        } catch (ApiFailure failure) {
            code = failure.status().code();
            if (code == 500) {
                throw new AssertionError("a request was answered by 500", failure);
            }
        }
        if (code >= 400 && !now.cluster().ledger.head().equals(before)) {
            throw new AssertionError("a request was refused by " + code + " and changed the log");
        }
    }

    private static Optional<Sent> parsed(byte[] data) {
        int end = blank(data);
        String head = new String(data, 0, end, StandardCharsets.ISO_8859_1);
        List<String> lines = new ArrayList<>(List.of(head.split("\n", -1)));
        String[] first = lines.removeFirst().split(" ", 2);
        if (first.length < 2 || !first[1].startsWith("/") || !token(first[0])) {
            return Optional.empty();
        }
        String url = first[1];
        if (url.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            return Optional.empty();
        }
        int question = url.indexOf('?');
        String path = question < 0 ? url : url.substring(0, question);
        String query = question < 0 ? "" : url.substring(question + 1);
        SortedMap<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0 && token(line.substring(0, colon))) {
                headers.computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }
        byte[] body = Arrays.copyOfRange(data, Math.min(data.length, end + 2), data.length);
        return Optional.of(
                new Sent(first[0], path, query, Query.parse(query), headers, body, ADMIN));
    }

    private static boolean token(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> c > ' ' && c < 127 && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0);
    }

    private static int blank(byte[] data) {
        for (int i = 0; i + 1 < data.length; i++) {
            if (data[i] == '\n' && data[i + 1] == '\n') {
                return i;
            }
        }
        return data.length;
    }
}
