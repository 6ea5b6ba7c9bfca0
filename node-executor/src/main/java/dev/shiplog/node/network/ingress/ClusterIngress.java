package dev.shiplog.node.network.ingress;

import dev.shiplog.node.link.ClusterView;
import dev.shiplog.node.link.ClusterView.Update;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The Ingresses of a node: follows what the cluster says, and runs a proxy while there is one to
 * run it for. Changes are taken up one after the other by one thread, the newest only.
 */
public final class ClusterIngress implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterIngress.class);

    /** What closing may take. */
    private static final long CLOSE_SECONDS = 10;

    private final Settings settings;
    private final Consumer<Optional<Listening>> told;
    private final ClusterView.Subscription subscription;
    private final Semaphore changed = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Followed followed = Followed.NOTHING;
    private volatile boolean closed;

    /** Whether the last change did not take effect. Only the worker's. */
    private boolean behind;

    /**
     * @param address where to listen
     * @param httpPorts the first that is free is taken; 0 stands for any
     * @param httpsPorts the same, for TLS
     * @param logs the folder of the access log
     * @param proxy what passes requests on
     * @param answer how long a pod may take to begin its answer
     */
    public record Settings(
            InetAddress address,
            List<Integer> httpPorts,
            List<Integer> httpsPorts,
            Path logs,
            ProxyKind proxy,
            Duration answer) {
        public Settings {
            httpPorts = List.copyOf(httpPorts);
            httpsPorts = List.copyOf(httpsPorts);
        }

        /** With the usual patience. */
        public Settings(
                InetAddress address,
                List<Integer> httpPorts,
                List<Integer> httpsPorts,
                Path logs,
                ProxyKind proxy) {
            this(address, httpPorts, httpsPorts, logs, proxy, ProxyLimits.ANSWER);
        }
    }

    /** Where the proxy answers. */
    public record Listening(int httpPort, int httpsPort) {}

    private ClusterIngress(
            ClusterView view, Settings settings, Consumer<Optional<Listening>> told) {
        this.settings = settings;
        this.told = told;
        Thread.ofVirtual().name("ingress").start(this::work);
        this.subscription = view.follow(Followed.KINDS, this::update);
    }

    /**
     * Begins to follow.
     *
     * @param told hears where the proxy answers once it does, and when it does not any more
     */
    public static ClusterIngress start(
            ClusterView view, Settings settings, Consumer<Optional<Listening>> told) {
        return new ClusterIngress(view, settings, told);
    }

    /**
     * Ends a proxy of another program that an earlier one of ours left, and removes what it was
     * told.
     *
     * @param logs the folder of its access log
     */
    public static void purge(Path logs) throws IOException {
        HaproxyProxy.purge(logs);
    }

    private void update(Update update) {
        followed = followed.with(update);
        changed.release();
    }

    private void work() {
        Optional<Running> running = Optional.empty();
        try {
            while (!closed) {
                changed.acquire();
                changed.drainPermits();
                running = look(running);
                if (behind) {
                    again();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            running.ifPresent(Running::close);
            ended.countDown();
        }
    }

    /** What failed is tried again without news, but not at once. */
    private void again() throws InterruptedException {
        var _ = changed.tryAcquire(ProxyLimits.AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        changed.release();
    }

    /** Apart, so that its classes are loaded only with the first Ingress. */
    private record Running(Proxy proxy, AccessLog log) {
        void close() {
            proxy.close();
            log.close();
        }
    }

    private Optional<Running> look(Optional<Running> before) {
        Followed now = followed;
        if (closed) {
            return before;
        }
        Optional<Running> running = before;
        if (running.isPresent() && (now.ingresses().isEmpty() || !running.get().proxy().alive())) {
            running.get().close();
            told.accept(Optional.empty());
            running = Optional.empty();
        }
        behind = false;
        if (now.ingresses().isEmpty()) {
            return running;
        }
        try {
            ProxyConfig config = ProxyConfig.of(now);
            if (running.isPresent()) {
                running.get().proxy().apply(config);
            } else {
                running = Optional.of(open(config));
            }
        } catch (IOException | RuntimeException e) {
            behind = true;
            LOG.warn("Ingresses are not answered as they should be: {}", e.toString());
        }
        return running;
    }

    private Running open(ProxyConfig first) throws IOException {
        AccessLog log = new AccessLog(settings.logs());
        Optional<Proxy> opened = Optional.empty();
        try {
            Proxy proxy =
                    switch (settings.proxy()) {
                        case IN_PROCESS -> InProcessProxy.start(settings, log);
                        case HAPROXY -> HaproxyProxy.start(settings, log, changed::release);
                    };
            opened = Optional.of(proxy);
            proxy.apply(first);
            Listening at = proxy.listening();
            LOG.info(
                    "Ingresses are answered at the ports {} (HTTP) and {} (HTTPS), by {}",
                    at.httpPort(),
                    at.httpsPort(),
                    settings.proxy().text());
            told.accept(Optional.of(at));
            return new Running(proxy, log);
        } catch (IOException | RuntimeException e) {
            opened.ifPresent(Proxy::close);
            log.close();
            throw e;
        }
    }

    @Override
    public void close() {
        subscription.close();
        closed = true;
        changed.release();
        try {
            if (!ended.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the proxy of Ingresses did not end within {} s", CLOSE_SECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
