package dev.shiplog.api.server;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.PodSessions;
import dev.shiplog.api.Status;
import dev.shiplog.resource.Resource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Containers in which a handful of scripted commands run; {@code tar} is the machine's own. Their
 * ports are ports of this machine.
 */
final class FakeContainers implements PodSessions {
    private static final int STOPPED_BY_SIGNAL = 143;

    /** How many commands and attachments run. */
    final AtomicInteger running = new AtomicInteger();

    /** How many of them were interrupted. */
    final AtomicInteger interrupted = new AtomicInteger();

    /** How many connections into pods are open. */
    final AtomicInteger connections = new AtomicInteger();

    /** By the port in the pod: the port of this machine. */
    final Map<Integer, Integer> ports = new ConcurrentHashMap<>();

    /** By container: what it uses. */
    final Map<String, Usage> usage = new ConcurrentHashMap<>();

    final AtomicInteger measured = new AtomicInteger();

    private final Path folder;

    FakeContainers() {
        this(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * @param folder where {@code tar} runs
     */
    FakeContainers(Path folder) {
        this.folder = folder;
    }

    @Override
    public int exec(Resource pod, String container, List<String> command, Terminal terminal)
            throws IOException, InterruptedException {
        running.incrementAndGet();
        try {
            return run(pod, container, command, terminal);
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                interrupted.incrementAndGet();
            }
            throw e;
        } finally {
            running.decrementAndGet();
        }
    }

    private int run(Resource pod, String container, List<String> command, Terminal terminal)
            throws IOException, InterruptedException {
        OutputStream out = terminal.stdout();
        switch (command.getFirst()) {
            case "cat" -> terminal.stdin().orElse(InputStream.nullInputStream()).transferTo(out);
            case "echo" -> print(out, String.join(" ", command.subList(1, command.size())) + "\n");
            case "where" -> print(out, pod.key().name() + " " + container + "\n");
            case "both" -> {
                print(out, "to stdout\n");
                print(terminal.stderr().orElse(out), "to stderr\n");
            }
            case "exit" -> {
                return Integer.parseInt(command.get(1));
            }
            case "sleep" -> {
                print(out, "asleep\n");
                new CountDownLatch(1).await();
            }
            case "flood" -> {
                byte[] much = new byte[64 * 1024];
                while (true) {
                    out.write(much);
                }
            }
            case "sizes" -> {
                CountDownLatch twice = new CountDownLatch(2);
                terminal.sizes()
                        .listen((columns, rows) -> {
                            try {
                                print(out, columns + "x" + rows + "\n");
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                            twice.countDown();
                        });
                twice.await();
            }
            case "tar" -> {
                return process(command, terminal);
            }
            case "broken" -> throw new IOException("the runtime does not answer");
            default ->
                    throw new ApiFailure(
                            Status.internal(
                                    "exec: \""
                                            + command.getFirst()
                                            + "\": executable file not found in $PATH"));
        }
        return 0;
    }

    private int process(List<String> command, Terminal terminal)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
        try {
            Thread input =
                    Thread.ofVirtual()
                            .start(() -> {
                                try (OutputStream to = process.getOutputStream()) {
                                    terminal.stdin()
                                            .orElse(InputStream.nullInputStream())
                                            .transferTo(to);
                                } catch (IOException e) {
                                    // It does not read any more.
                                }
                            });
            Thread errors =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    process.getErrorStream()
                                            .transferTo(
                                                    terminal.stderr().orElse(terminal.stdout()));
                                } catch (IOException e) {
                                    // Nobody reads any more.
                                }
                            });
            process.getInputStream().transferTo(terminal.stdout());
            int code = process.waitFor();
            errors.join();
            input.interrupt();
            return code;
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public int attach(Resource pod, String container, Terminal terminal)
            throws IOException, InterruptedException {
        running.incrementAndGet();
        try {
            print(terminal.stdout(), "attached to " + container + "\n");
            if (terminal.stdin().isPresent()) {
                terminal.stdin().get().transferTo(terminal.stdout());
            }
            return STOPPED_BY_SIGNAL;
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public Connection connect(Resource pod, int port) throws IOException {
        int local = ports.getOrDefault(port, 0);
        if (local == 0) {
            throw refused(port);
        }
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), local);
            connections.incrementAndGet();
            return new Connected(socket);
        } catch (ConnectException e) {
            throw refused(port);
        }
    }

    private static ApiFailure refused(int port) {
        return new ApiFailure(
                Status.internal(
                        "failed to connect to localhost:"
                                + port
                                + " inside namespace: connection refused"));
    }

    @Override
    public Optional<List<Usage>> usage(Resource pod) {
        measured.incrementAndGet();
        return usage.isEmpty() ? Optional.empty() : Optional.of(usage.values().stream().toList());
    }

    /** Lets a container use something. */
    void use(String container, long milliCores, long mebibytes) {
        usage.put(
                container,
                new Usage(
                        container,
                        milliCores * 1_000_000,
                        mebibytes << 20,
                        Duration.ofSeconds(15)));
    }

    private static void print(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private final class Connected implements Connection {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private boolean closed;

        Connected(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        @Override
        public InputStream in() {
            return in;
        }

        @Override
        public OutputStream out() {
            return out;
        }

        @Override
        public void endOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public synchronized void close() throws IOException {
            if (!closed) {
                closed = true;
                connections.decrementAndGet();
                socket.close();
            }
        }
    }
}
