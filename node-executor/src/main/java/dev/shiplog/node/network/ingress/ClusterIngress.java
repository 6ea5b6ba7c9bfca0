package dev.shiplog.node.network.ingress;

import dev.shiplog.node.link.ClusterView;
import dev.shiplog.node.link.ClusterView.Update;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The Ingresses of a node: follows what the cluster says, and runs a proxy while there is one to run
 * it for. Changes are taken up one after the other by one thread, the newest only.
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

    /**
     * @param address where to listen
     * @param httpPorts the first that is free is taken; 0 stands for any
     * @param httpsPorts the same, for TLS
     * @param logs the folder of the access log
     */
    public record Settings(
            InetAddress address, List<Integer> httpPorts, List<Integer> httpsPorts, Path logs) {
        public Settings {
            httpPorts = List.copyOf(httpPorts);
            httpsPorts = List.copyOf(httpsPorts);
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
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            running.ifPresent(Running::close);
            ended.countDown();
        }
    }

    /** Apart, so that its classes are loaded only with the first Ingress. */
    private record Running(IngressProxy proxy, AccessLog log) {
        void close() {
            proxy.close();
            log.close();
        }
    }

    private Optional<Running> look(Optional<Running> running) {
        Followed now = followed;
        if (closed) {
            return running;
        }
        if (now.ingresses().isEmpty()) {
            running.ifPresent(proxy -> {
                proxy.close();
                told.accept(Optional.empty());
            });
            return Optional.empty();
        }
        try {
            Running proxy = running.isPresent() ? running.get() : open();
            proxy.proxy().apply(ProxyConfig.of(now));
            return Optional.of(proxy);
        } catch (IOException | RuntimeException e) {
            LOG.warn("Ingresses are not answered as they should be: {}", e.toString());
            return running;
        }
    }

    private Running open() throws IOException {
        AccessLog log = new AccessLog(settings.logs(), InstantSource.system());
        try {
            IngressProxy proxy =
                    IngressProxy.start(
                            settings.address(), settings.httpPorts(), settings.httpsPorts(), log);
            Listening at = new Listening(proxy.httpPort(), proxy.httpsPort());
            LOG.info(
                    "Ingresses are answered at the ports {} (HTTP) and {} (HTTPS)",
                    at.httpPort(),
                    at.httpsPort());
            told.accept(Optional.of(at));
            return new Running(proxy, log);
        } catch (IOException e) {
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
