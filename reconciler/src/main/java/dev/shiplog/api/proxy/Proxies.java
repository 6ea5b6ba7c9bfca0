package dev.shiplog.api.proxy;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.PodSessions;
import dev.shiplog.api.PodSessions.Connection;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers {@code …/pods|services|nodes/<[scheme:]name[:port]>/proxy/…}: passes plain HTTP on to a
 * port of a pod. TLS towards the pod and upgrades are not passed on.
 */
public final class Proxies {
    private static final Pattern PATH =
            Pattern.compile("/api/v1(?:/namespaces/[^/]+)?/[^/]+/[^/]+/proxy(/.*)?");
    private static final int DEFAULT_PORT = 80;
    private static final int CHUNK_BYTES = 32 * 1024;

    /** How long a pod may think before its answer begins. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Logger LOG = Logger.getLogger(Proxies.class.getName());

    private final Ledger ledger;
    private final PodSessions sessions;

    public Proxies(Ledger ledger, PodSessions sessions) {
        this.ledger = ledger;
        this.sessions = sessions;
    }

    /** {@code …/pods/<name>/proxy/…}. */
    public Reply pod(
            Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException {
        ProxyName wanted = plain(ProxyName.parse(name));
        Resource pod =
                ledger.state()
                        .resource(served.key(namespace, wanted.name()))
                        .orElseThrow(() -> new ApiFailure(served.notFound(wanted.name())));
        JsonNode spec = pod.body().toNode().path("spec");
        return pass(request, pod, port(spec, wanted.port()));
    }

    /** {@code …/services/<name>/proxy/…}: to a ready pod that the Service selects. */
    public Reply service(
            Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException {
        ProxyName wanted = plain(ProxyName.parse(name));
        Resource service =
                ledger.state()
                        .resource(served.key(namespace, wanted.name()))
                        .orElseThrow(() -> new ApiFailure(served.notFound(wanted.name())));
        JsonNode spec = service.body().toNode().path("spec");
        JsonNode port =
                servicePort(spec, wanted.port())
                        .orElseThrow(() ->
                                unavailable(
                                        "no service port \""
                                                + wanted.port()
                                                + "\" found for service \""
                                                + wanted.name()
                                                + "\""));
        Resource pod =
                ledger.state().resources(GroupKind.POD, namespace.orElse("")).stream()
                        .filter(candidate -> selected(spec.path("selector"), candidate))
                        .filter(Proxies::ready)
                        .findFirst()
                        .orElseThrow(() ->
                                unavailable(
                                        "no endpoints available for service \""
                                                + wanted.name()
                                                + "\""));
        String target = port.path("targetPort").asText(port.path("port").asText());
        return pass(request, pod, port(pod.body().toNode().path("spec"), target));
    }

    /** {@code /api/v1/nodes/<name>/proxy/healthz}; a node serves nothing else here. */
    public Reply node(
            Request request, ServedResource served, Optional<String> namespace, String name) {
        String node = ProxyName.parse(name).name();
        if (ledger.state().resource(served.key(namespace, node)).isEmpty()) {
            throw new ApiFailure(served.notFound(node));
        }
        if (rest(request).equals("/healthz")) {
            return Reply.text(200, "ok");
        }
        throw new ApiFailure(Status.noSuchPath());
    }

    private static ProxyName plain(ProxyName wanted) {
        if (!wanted.scheme().isEmpty() && !wanted.scheme().equals("http")) {
            throw new ApiFailure(
                    Status.badRequest(
                            "expected scheme http, found \""
                                    + wanted.scheme()
                                    + "\": only plain HTTP is passed on; use port-forward"));
        }
        return wanted;
    }

    /** A number, a container port's name, or by default the first that a container names. */
    private static int port(JsonNode spec, String wanted) {
        int first = 0;
        for (JsonNode container : spec.path("containers")) {
            for (JsonNode port : container.path("ports")) {
                if (port.path("name").asText("").equals(wanted) && !wanted.isEmpty()) {
                    return port.path("containerPort").asInt();
                }
                first = first == 0 ? port.path("containerPort").asInt() : first;
            }
        }
        if (wanted.isEmpty()) {
            return first == 0 ? DEFAULT_PORT : first;
        }
        try {
            int number = Integer.parseInt(wanted);
            if (number >= 1 && number <= 65_535) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below, like a number that is no port.
        }
        throw new ApiFailure(
                Status.badRequest(
                        "expected a port from 1 to 65535 or the name of one of the pod's ports,"
                                + " found \""
                                + wanted
                                + "\""));
    }

    private static Optional<JsonNode> servicePort(JsonNode spec, String wanted) {
        List<JsonNode> ports = new ArrayList<>();
        spec.path("ports").forEach(ports::add);
        if (wanted.isEmpty()) {
            return ports.size() == 1 ? Optional.of(ports.getFirst()) : Optional.empty();
        }
        return ports.stream()
                .filter(port ->
                        port.path("name").asText("").equals(wanted)
                                || port.path("port").asText("").equals(wanted))
                .findFirst();
    }

    private static boolean selected(JsonNode selector, Resource pod) {
        if (selector.isEmpty()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> wanted : selector.properties()) {
            String label = pod.metadata().labels().get(wanted.getKey());
            if (!wanted.getValue().asText().equals(label)) {
                return false;
            }
        }
        return true;
    }

    private static boolean ready(Resource pod) {
        for (JsonNode condition : pod.status().toNode().path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private Reply pass(Request request, Resource pod, int port)
            throws IOException, InterruptedException {
        String path = rest(request);
        if (path.isEmpty() && request.method().equals("GET")) {
            return redirect(request.rawPath() + "/");
        }
        boolean bodiless = request.method().equals("HEAD");
        Upstream upstream = new Upstream(connect(pod, port), bodiless);
        CountDownLatch answered = new CountDownLatch(1);
        try {
            closeUnlessAnswered(upstream, answered);
            upstream.send(head(request, path.isEmpty() ? "/" : path, pod, port));
            feed(request, upstream);
            HttpResponse head = upstream.head();
            return reply(request, head, upstream, bodiless);
        } catch (IOException | RuntimeException e) {
            upstream.close();
            throw unreachable(String.valueOf(e.getMessage()));
        } finally {
            answered.countDown();
        }
    }

    private Connection connect(Resource pod, int port) throws InterruptedException {
        try {
            return sessions.connect(pod, port);
        } catch (ApiFailure failure) {
            throw unreachable(failure.status().message());
        } catch (IOException e) {
            throw unreachable(String.valueOf(e.getMessage()));
        }
    }

    private static void closeUnlessAnswered(Upstream upstream, CountDownLatch answered) {
        Thread.ofVirtual()
                .name("api-proxy-patience")
                .start(() -> {
                    try {
                        if (!answered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                            upstream.abort();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private static HttpRequest head(Request request, String path, Resource pod, int port) {
        String query = request.rawQuery();
        HttpRequest head =
                new DefaultHttpRequest(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.valueOf(request.method()),
                        query.isEmpty() ? path : path + "?" + query);
        Headers.passing(request.allHeaders())
                .forEach((name, values) -> {
                    // Who asks, and how, is between the client and this server.
                    boolean ours =
                            name.equalsIgnoreCase("Authorization")
                                    || name.toLowerCase(Locale.ROOT).startsWith("impersonate-")
                                    || name.equalsIgnoreCase("Host")
                                    || name.equalsIgnoreCase("Expect")
                                    || name.equalsIgnoreCase("Content-Length")
                                    || (name.equalsIgnoreCase("Content-Encoding") && zipped(values));
                    if (!ours) {
                        head.headers().set(name, values);
                    }
                });
        head.headers().set(HttpHeaderNames.HOST, pod.key().name() + ":" + port);
        head.headers().set(HttpHeaderNames.CONNECTION, "close");
        if (hasBody(request)) {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
        }
        return head;
    }

    /** What arrives zipped is read unzipped here. */
    private static boolean zipped(List<String> encodings) {
        return encodings.stream()
                .anyMatch(encoding -> encoding.toLowerCase(Locale.ROOT).endsWith("gzip"));
    }

    private static boolean hasBody(Request request) {
        return request.header("Transfer-Encoding").isPresent()
                || request.header("Content-Length").filter(text -> !text.equals("0")).isPresent();
    }

    /** Sends the body while the answer may already come. */
    private static void feed(Request request, Upstream upstream) throws IOException {
        if (!hasBody(request)) {
            upstream.send(LastHttpContent.EMPTY_LAST_CONTENT);
            return;
        }
        InputStream body = request.body();
        Thread.ofVirtual()
                .name("api-proxy-body")
                .start(() -> {
                    try {
                        byte[] chunk = new byte[CHUNK_BYTES];
                        int read = body.read(chunk);
                        while (read >= 0) {
                            upstream.send(
                                    new DefaultHttpContent(Unpooled.copiedBuffer(chunk, 0, read)));
                            read = body.read(chunk);
                        }
                        upstream.send(LastHttpContent.EMPTY_LAST_CONTENT);
                    } catch (IOException | RuntimeException e) {
                        LOG.log(Level.FINE, "a proxied body ended early", e);
                    }
                });
    }

    private static Reply reply(
            Request request, HttpResponse head, Upstream upstream, boolean bodiless) {
        int code = head.status().code();
        SortedMap<String, String> headers = headers(request, head);
        if (bodiless || code == 204 || code == 304) {
            upstream.close();
            return new Reply.Whole(code, headers, new byte[0]);
        }
        return new Reply.Streamed(
                code,
                headers,
                stream -> {
                    if (!hasBody(request)) {
                        // Only then is nobody else listening to the client.
                        stream.whenGone(upstream::abort);
                    }
                    try (upstream) {
                        Optional<byte[]> piece = upstream.body();
                        while (piece.isPresent()) {
                            stream.out().write(piece.get());
                            stream.out().flush();
                            piece = upstream.body();
                        }
                    }
                });
    }

    private static SortedMap<String, String> headers(Request request, HttpResponse head) {
        SortedMap<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, String> header : head.headers().entries()) {
            all.computeIfAbsent(header.getKey(), _ -> new ArrayList<>()).add(header.getValue());
        }
        SortedMap<String, String> headers = new TreeMap<>();
        Headers.passing(all)
                .forEach((name, values) -> headers.put(name, String.join(", ", values)));
        headers.computeIfPresent("Location", (_, location) -> located(request, location));
        return headers;
    }

    /** A path in a pod is a path below the proxy's. */
    private static String located(Request request, String location) {
        String raw = request.rawPath();
        String base = raw.substring(0, raw.length() - rest(request).length());
        return location.startsWith("/") && !location.startsWith("//") ? base + location : location;
    }

    private static Reply redirect(String location) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("Location", location);
        return new Reply.Whole(301, headers, new byte[0]);
    }

    /** What follows {@code proxy} in the path, as it was sent. */
    private static String rest(Request request) {
        Matcher matcher = PATH.matcher(request.rawPath());
        if (!matcher.matches()) {
            // Such as //api/v1/…: a redirect to it would lead to a host named api.
            throw new ApiFailure(Status.noSuchPath());
        }
        return Optional.ofNullable(matcher.group(1)).orElse("");
    }

    private static ApiFailure unreachable(String why) {
        return unavailable("error trying to reach service: " + why);
    }

    private static ApiFailure unavailable(String message) {
        return new ApiFailure(Status.of(503, "ServiceUnavailable", message));
    }
}
