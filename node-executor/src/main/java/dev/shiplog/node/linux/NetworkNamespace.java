package dev.shiplog.node.linux;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Works inside another network namespace. A namespace is entered by a thread: so a thread that
 * lives for one piece of work enters, does it and ends. A socket belongs for ever to the namespace
 * in which it was made, and anybody may use it; so does a program to that of the thread which
 * starts it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/setns.2.html">setns(2)</a>
 */
public final class NetworkNamespace {
    private static final String CAPABILITIES = "CapEff:";
    private static final int SYS_ADMIN_BIT = 21;

    private NetworkNamespace() {}

    /** Whether this program may enter other namespaces: on Linux, with CAP_SYS_ADMIN. */
    public static boolean mayEnter() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(CAPABILITIES))
                    .map(line -> line.substring(CAPABILITIES.length()).strip())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) >> SYS_ADMIN_BIT & 1) == 1);
        } catch (IOException notLinux) {
            return false;
        }
    }

    /**
     * A connected, blocking socket to the first of the addresses that accepts.
     *
     * @param namespace such as {@code /proc/PID/ns/net}
     * @param limit for all addresses together
     * @throws ConnectException if none of the addresses accepts
     * @throws IOException if the namespace cannot be entered: gone, or this program is not root's
     */
    public static SocketChannel connect(
            Path namespace, List<InetSocketAddress> addresses, Duration limit)
            throws IOException, InterruptedException {
        CompletableFuture<SocketChannel> result = new CompletableFuture<>();
        Thread thread =
                start(
                        namespace,
                        result,
                        () -> {
                            SocketChannel made = connect(addresses);
                            if (!result.complete(made)) {
                                made.close();
                            }
                        });
        try {
            return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException ours) {
                throw ours;
            }
            throw new IllegalStateException(failed);
        } catch (TimeoutException | CancellationException late) {
            throw new ConnectException(
                    "no answer from " + addresses + " within " + limit.toSeconds() + " s");
        } finally {
            if (!result.isDone()) {
                result.cancel(false);
                // Closes the socket that waits, and so ends the thread.
                thread.interrupt();
            }
        }
    }

    /** What is done in a namespace. */
    public interface Work {
        void run() throws IOException;
    }

    /**
     * Does something in a namespace, and waits for its end: the work itself must have one.
     *
     * @param namespace such as {@code /proc/PID/ns/net}
     * @throws IOException the work's own; or if the namespace cannot be entered: gone, or this
     *     program is not root's
     */
    public static void within(Path namespace, Work work) throws IOException {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread thread =
                start(
                        namespace,
                        result,
                        () -> {
                            work.run();
                            result.complete(true);
                        });
        try {
            result.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException ours) {
                throw ours;
            }
            throw new IllegalStateException(failed);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + namespace, e);
        }
    }

    /** The work completes the result itself, if it does not fail. */
    private static Thread start(Path namespace, CompletableFuture<?> result, Work work) {
        return Thread.ofPlatform()
                .daemon()
                .name("in " + namespace)
                .start(() -> {
                    try {
                        enter(namespace);
                        work.run();
                    } catch (IOException | RuntimeException failed) {
                        result.completeExceptionally(failed);
                    }
                });
    }

    private static void enter(Path namespace) throws IOException {
        int fd = Kernel.open(namespace, Kernel.O_RDONLY | Kernel.O_CLOEXEC);
        try {
            Kernel.setns(fd, Kernel.CLONE_NEWNET);
        } finally {
            Kernel.close(fd);
        }
    }

    private static SocketChannel connect(List<InetSocketAddress> addresses) throws IOException {
        IOException last = new ConnectException("no address to connect to");
        for (InetSocketAddress address : addresses) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET);
            try {
                channel.connect(address);
                return channel;
            } catch (IOException refused) {
                channel.close();
                last = refused;
            }
        }
        throw last;
    }
}
