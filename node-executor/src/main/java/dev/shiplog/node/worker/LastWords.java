package dev.shiplog.node.worker;

import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.volume.MessageFiles;
import dev.shiplog.node.volume.VolumeFailure;
import dev.shiplog.resource.Uid;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What containers leave as their termination message: in a file of theirs, or, if the pod says so
 * and they failed without a word there, the end of their log.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/">
 *     termination messages of Kubernetes</a>
 */
final class LastWords {
    /** Of one container. */
    static final int MOST_BYTES = 4096;

    /** Of all containers of a pod together. */
    static final int MOST_BYTES_OF_POD = 12 * 1024;

    static final int MOST_LOG_BYTES = 2048;
    static final int MOST_LOG_LINES = 80;

    private static final Logger LOG = LoggerFactory.getLogger(LastWords.class);

    private final PodRuntime runtime;
    private final MessageFiles files;

    LastWords(PodRuntime runtime, MessageFiles files) {
        this.runtime = runtime;
        this.files = files;
    }

    /** The last words of a container that ended; empty if it left none. */
    String of(Uid uid, Pod pod, ContainerStatus container) {
        boolean failed = container.ended().filter(ended -> ended.exitCode() != 0).isPresent();
        long containers = containers(pod).count();
        int most = (int) Math.min(MOST_BYTES, MOST_BYTES_OF_POD / Math.max(1, containers));
        try {
            String message = files.read(uid, container.name(), container.attempt(), most);
            boolean fromLog =
                    containers(pod)
                            .filter(c -> c.getName().equals(container.name()))
                            .anyMatch(c ->
                                    "FallbackToLogsOnError"
                                            .equals(c.getTerminationMessagePolicy()));
            return message.isEmpty() && failed && fromLog
                    ? endOfLog(container.id(), Math.min(most, MOST_LOG_BYTES))
                    : message;
        } catch (VolumeFailure e) {
            LOG.warn("{}", e.text());
        } catch (RuntimeFailure e) {
            LOG.warn("the end of the log of {} is not known: {}", container.id(), e.getMessage());
        }
        return "";
    }

    private static Stream<Container> containers(Pod pod) {
        return Stream.concat(
                pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream());
    }

    private String endOfLog(String id, int mostBytes) throws RuntimeFailure {
        Tail tail = new Tail(mostBytes);
        runtime.logs(
                id,
                new LogOptions(
                        false,
                        OptionalInt.of(MOST_LOG_LINES),
                        Optional.empty(),
                        false,
                        OptionalLong.empty()),
                tail);
        return tail.text();
    }

    /** Forgets a pod that is gone. */
    void forget(Uid uid) {
        try {
            files.remove(uid);
        } catch (VolumeFailure e) {
            LOG.warn("{}", e.text());
        }
    }

    /** The last bytes of what is written to it. */
    private static final class Tail extends OutputStream {
        private final byte[] ring;
        private long written;

        Tail(int bytes) {
            ring = new byte[bytes];
        }

        @Override
        public void write(int value) {
            ring[(int) (written++ % ring.length)] = (byte) value;
        }

        String text() {
            int length = (int) Math.min(written, ring.length);
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = ring[(int) ((written - length + i) % ring.length)];
            }
            return new String(Arrays.copyOf(bytes, length), StandardCharsets.UTF_8);
        }
    }
}
