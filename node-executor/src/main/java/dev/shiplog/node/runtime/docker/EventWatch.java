package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;

import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Listens to the Engine's events. When the connection is lost it is made again, after a pause that
 * doubles from one try to the next; then every pod is hinted, since events may have been missed.
 */
final class EventWatch implements PodRuntime.Watch {
    private static final System.Logger LOG = System.getLogger(EventWatch.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** How long {@code watch} waits for the Engine, so that what happens next is surely seen. */
    private static final Duration CONNECT_WAIT = Duration.ofSeconds(1);

    private final Engine engine;
    private final Owner owner;
    private final DockerPods pods;
    private final Consumer<String> listener;
    private final PodRuntime.Reach reach;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch connectedOnce = new CountDownLatch(1);
    private final Thread thread;

    /** Whether the caller has gone on without a connection, so that the first misses events too. */
    private volatile boolean late;

    /** Whether it was said that the Engine is lost. */
    private volatile boolean lost;

    EventWatch(
            Engine engine,
            Owner owner,
            DockerPods pods,
            Consumer<String> listener,
            PodRuntime.Reach reach) {
        this.reach = reach;
        this.engine = engine;
        this.owner = owner;
        this.pods = pods;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("docker: events").unstarted(this::run);
    }

    EventWatch begin() {
        thread.start();
        try {
            if (!connectedOnce.await(CONNECT_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(System.Logger.Level.INFO, "Docker does not answer yet; watching for it");
                late = true;
                if (connectedOnce.getCount() == 0) {
                    hintAll();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return this;
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        try {
            while (closed.getCount() > 0) {
                Stream stream = new Stream();
                listen(stream);
                if (!stream.connected) {
                    lost(stream.why);
                }
                pause = stream.connected ? FIRST_PAUSE : longer(pause);
                if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    /** Listens until the connection is lost. */
    private void listen(Stream stream) throws InterruptedException {
        try (stream) {
            engine.client()
                    .eventsCmd()
                    .withLabelFilter(owner.labels())
                    .withEventTypeFilter("container")
                    .withEventFilter("start", "die", "destroy", "oom")
                    .exec(stream);
            stream.awaitCompletion();
        } catch (IOException | RuntimeException ended) {
            stream.onError(ended);
        }
    }

    private void lost(String why) {
        if (!lost && closed.getCount() > 0) {
            lost = true;
            reach.lost("Docker at " + engine.host() + " does not answer: " + why);
        }
    }

    private void found() {
        if (lost) {
            lost = false;
            reach.found();
        }
    }

    private void hint(String podUid) {
        try {
            listener.accept(podUid);
        } catch (RuntimeException ours) {
            LOG.log(System.Logger.Level.ERROR, "a listener to Docker's events failed", ours);
        }
    }

    private void hintAll() {
        try {
            for (ObservedPod pod : pods.list()) {
                hint(pod.sandbox().podUid());
            }
        } catch (RuntimeFailure lostAgain) {
            LOG.log(System.Logger.Level.DEBUG, "listing pods after reconnecting", lostAgain);
        }
    }

    private final class Stream extends ResultCallback.Adapter<Event> {
        private volatile boolean connected;
        private volatile String why = "its events ended";

        /** The library would write all of it into the program's log, at each try. */
        @Override
        public void onError(Throwable ended) {
            why = Engine.rootMessage(ended);
            LOG.log(System.Logger.Level.DEBUG, "Docker''s events ended: {0}", why);
            onComplete();
        }

        @Override
        public void onStart(Closeable connection) {
            super.onStart(connection);
            connected = true;
            boolean missed = late || connectedOnce.getCount() == 0;
            connectedOnce.countDown();
            found();
            if (missed) {
                // Not here: this thread has events to read.
                Thread.ofVirtual().name("docker: hint all").start(EventWatch.this::hintAll);
            }
        }

        @Override
        public void onNext(Event event) {
            Optional.ofNullable(event.getActor())
                    .map(actor -> Optional.ofNullable(actor.getAttributes()).orElse(Map.of()))
                    .map(labels -> labels.get(Owner.POD_UID))
                    .ifPresent(EventWatch.this::hint);
        }
    }
}
