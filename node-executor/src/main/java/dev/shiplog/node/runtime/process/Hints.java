package dev.shiplog.node.runtime.process;

import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.PodRuntime;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Sees what supervisors write and tells who listens or waits. */
final class Hints implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Hints.class.getName());

    /** A burst of starts and ends is told as one. */
    private static final Duration EVENT_PAUSE = Duration.ofMillis(1);

    /** How often a busy log's times are noted; so exact are they. */
    private static final Duration LOG_PAUSE = Duration.ofMillis(100);

    /** How soon the end of a container whose supervisor was killed is seen. */
    private static final Duration EVENT_IDLE = Duration.ofSeconds(3);

    private static final Duration LOG_IDLE = Duration.ofMinutes(10);

    private final Containers containers;
    private final ContainerState state;
    private final LogTimes times;
    private final LogSpace space;
    private final Bell events;
    private final Bell logs = new Bell();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Boolean> live = new ConcurrentHashMap<>();
    private final DirectoryWatch eventWatch;
    private final DirectoryWatch logWatch;

    Hints(
            Layout layout,
            Containers containers,
            ContainerState state,
            LogTimes times,
            LogSpace space,
            Bell events)
            throws IOException {
        this.space = space;
        this.containers = containers;
        this.state = state;
        this.times = times;
        this.events = events;
        for (ContainerRecord record : containers.all()) {
            if (state.read(record).ended().isEmpty()) {
                live.put(record.id(), true);
            }
        }
        this.eventWatch =
                new DirectoryWatch(layout.events(), EVENT_PAUSE, EVENT_IDLE, new Events());
        this.logWatch = new DirectoryWatch(layout.logs(), LOG_PAUSE, LOG_IDLE, new Logs());
    }

    /** Rung whenever a log has grown or a container ended. */
    Bell logs() {
        return logs;
    }

    PodRuntime.Watch add(Consumer<String> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void tell(String podUid) {
        for (Consumer<String> listener : listeners) {
            try {
                listener.accept(podUid);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a listener failed on a hint for pod " + podUid, e);
            }
        }
    }

    @Override
    public void close() {
        eventWatch.close();
        logWatch.close();
        listeners.clear();
    }

    private void look(ContainerRecord record) throws IOException {
        ContainerStatus status = state.read(record);
        if (status.ended().isPresent()) {
            live.remove(record.id());
        } else if (status.running()) {
            live.put(record.id(), true);
        }
        tell(record.podUid());
    }

    private static String id(String file) {
        int dot = file.indexOf('.');
        return dot < 0 ? file : file.substring(0, dot);
    }

    private final class Events implements DirectoryWatch.Listener {
        @Override
        public void written(String file) throws IOException {
            events.ring();
            logs.ring();
            var record = containers.withId(id(file));
            if (record.isPresent()) {
                look(record.get());
            }
        }

        /** Only those that lived: theirs are the ends that nobody would write down. */
        @Override
        public void lookAtAll() throws IOException {
            for (String id : List.copyOf(live.keySet())) {
                var record = containers.withId(id);
                if (record.isEmpty()) {
                    live.remove(id);
                } else if (state.read(record.get()).ended().isPresent()) {
                    events.ring();
                    logs.ring();
                    look(record.get());
                }
            }
        }
    }

    private final class Logs implements DirectoryWatch.Listener {
        @Override
        public void written(String file) throws IOException {
            times.note(id(file));
            logs.ring();
            space.trim(id(file));
        }

        @Override
        public void lookAtAll() throws IOException {
            for (ContainerRecord record : containers.all()) {
                times.note(record.id());
                space.trim(record.id());
            }
        }
    }
}
