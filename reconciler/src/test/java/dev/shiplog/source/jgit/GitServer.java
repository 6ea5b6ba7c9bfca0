package dev.shiplog.source.jgit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import dev.shiplog.source.GitRepository;
import dev.shiplog.source.GitRepository.Service;
import dev.shiplog.source.GitService;
import dev.shiplog.source.Pusher;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;

/** Mounts a Git service on the JDK's HTTP server, on a free port of the loopback address. */
final class GitServer implements AutoCloseable {
    private final String scheme;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final GitService repositories;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Optional<String> authorization = Optional.empty();
    private volatile boolean broken;
    private volatile Pusher pusher = new Pusher("ann");

    GitServer(GitService repositories) throws IOException {
        this(
                repositories,
                "http",
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    private GitServer(GitService repositories, String scheme, HttpServer http) {
        this.repositories = repositories;
        this.scheme = scheme;
        this.http = http;
        http.setExecutor(threads);
        http.createContext("/git/", this::handle);
        http.start();
    }

    /** The same over TLS. */
    static GitServer secured(GitService repositories, SSLContext tls) throws IOException {
        HttpsServer https =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new GitServer(repositories, "https", https);
    }

    String url(String name) {
        return scheme + "://127.0.0.1:" + http.getAddress().getPort() + "/git/" + name + ".git";
    }

    /** From now on, ask for a user and a password. */
    void require(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        authorization = Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /** From now on, whoever pushes is this one. */
    void pushedBy(Pusher value) {
        pusher = value;
    }

    /** From now on, answer everything with status 503, or not any more. */
    void fail(boolean value) {
        broken = value;
    }

    int requests() {
        return requests.get();
    }

    /** How many requests asked for objects. */
    int fetches() {
        return fetches.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            List<String> given =
                    exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
            if (broken) {
                exchange.sendResponseHeaders(503, -1);
            } else if (authorization.isPresent() && !given.contains(authorization.get())) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
            } else {
                serve(exchange);
            }
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/git/".length());
        int end = path.indexOf(".git/");
        Optional<GitRepository> found =
                end < 0 ? Optional.empty() : repositories.open(path.substring(0, end));
        if (found.isEmpty()) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        GitRepository repository = found.get();
        String operation = path.substring(end + ".git/".length());
        String protocol = header(exchange, "Git-Protocol");
        boolean gzip = header(exchange, "Content-Encoding").equals("gzip");
        switch (operation) {
            case "info/refs" -> {
                String query = String.valueOf(exchange.getRequestURI().getQuery());
                Service service = Service.of(query.replace("service=", "")).orElseThrow();
                repository.infoRefs(
                        service, protocol, answer(exchange, service.wireName() + "-advertisement"));
            }
            case "git-upload-pack" -> {
                fetches.incrementAndGet();
                repository.uploadPack(
                        exchange.getRequestBody(),
                        gzip,
                        answer(exchange, operation + "-result"),
                        protocol);
            }
            case "git-receive-pack" ->
                    repository.receivePack(
                            exchange.getRequestBody(),
                            gzip,
                            answer(exchange, operation + "-result"),
                            pusher);
            default -> exchange.sendResponseHeaders(404, -1);
        }
    }

    private static OutputStream answer(HttpExchange exchange, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-" + type);
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
