package dev.shiplog.node.network.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * Answers load balancers on Services' health check ports: 200 while this node has endpoints of the
 * Service, else 503, as kube-proxy does.
 */
public final class HealthChecks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);
    private static final int BACKLOG = 16;

    private final Map<Integer, HttpServer> servers = new HashMap<>();
    private final Map<Integer, HealthCheck> checks = new ConcurrentHashMap<>();

    /** Opens and closes ports, and takes what is to be answered from now on. */
    public synchronized void take(SortedMap<Integer, HealthCheck> wanted) {
        checks.putAll(wanted);
        for (int port : wanted.keySet()) {
            if (!servers.containsKey(port)) {
                open(port);
            }
        }
        for (Iterator<Map.Entry<Integer, HttpServer>> all = servers.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<Integer, HttpServer> open = all.next();
            if (!wanted.containsKey(open.getKey())) {
                open.getValue().stop(0);
                all.remove();
                checks.remove(open.getKey());
            }
        }
    }

    private void open(int port) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(port), BACKLOG);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> answer(port, exchange));
            server.start();
            servers.put(port, server);
        } catch (IOException taken) {
            LOG.warn("health check port {} cannot be opened: {}", port, taken.getMessage());
        }
    }

    private void answer(int port, HttpExchange exchange) throws IOException {
        try (exchange) {
            HealthCheck check = checks.get(port);
            int local = check == null ? 0 : check.localEndpoints();
            String namespace = check == null ? "" : check.service().namespace();
            String name = check == null ? "" : check.service().name();
            byte[] body =
                    """
                    {"service":{"namespace":"%s","name":"%s"},"localEndpoints":%d,\
                    "serviceProxyHealthy":true}
                    """
                            .formatted(namespace, name, local)
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders()
                    .set("X-Load-Balancing-Endpoint-Weight", Integer.toString(local));
            exchange.sendResponseHeaders(local > 0 ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public synchronized void close() {
        servers.values().forEach(server -> server.stop(0));
        servers.clear();
    }
}
