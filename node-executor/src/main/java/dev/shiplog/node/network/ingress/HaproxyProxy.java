package dev.shiplog.node.network.ingress;

import dev.shiplog.node.linux.Programs;
import dev.shiplog.node.volume.MemoryPlace;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An HAProxy of this machine: files are written for it, it looks at them first, and takes them up
 * without losing a connection. Its first process stays, and a new one works for each change.
 *
 * <p>Not for several threads at a time.
 */
final class HaproxyProxy implements Proxy {
    static final String PROGRAM = "haproxy";

    private static final Logger LOG = LoggerFactory.getLogger(HaproxyProxy.class);
    private static final String PID = "haproxy.pid";
    private static final int LOOK_MILLIS = 20;

    /** How often it is looked for the words of a process that has none. */
    private static final int LOOKS = 50;

    private final ClusterIngress.Settings settings;
    private final AccessLog log;
    private final Runnable died;
    private final HaproxyFiles.Place place;
    private SortedMap<String, String> written = new TreeMap<>();
    private Optional<Process> running = Optional.empty();
    private long reloaded;
    private volatile boolean closed;

    private HaproxyProxy(
            ClusterIngress.Settings settings,
            AccessLog log,
            Runnable died,
            HaproxyFiles.Place place) {
        this.settings = settings;
        this.log = log;
        this.died = died;
        this.place = place;
    }

    /**
     * Chooses ports; listens with the first configuration.
     *
     * @param died called when the program ends by itself
     */
    static HaproxyProxy start(ClusterIngress.Settings settings, AccessLog log, Runnable died)
            throws IOException {
        Optional<String> objection = ProxyKind.HAPROXY.objection();
        if (objection.isPresent()) {
            throw new IOException(objection.get());
        }
        purge(settings.logs());
        Path folder = folder(settings.logs());
        return new HaproxyProxy(
                settings,
                log,
                died,
                new HaproxyFiles.Place(
                        folder,
                        settings.address().getHostAddress(),
                        ListenPorts.free(settings.address(), settings.httpPorts()),
                        ListenPorts.free(settings.address(), settings.httpsPorts()),
                        user(),
                        settings.answer(),
                        ProxyLimits.clients()));
    }

    /** Keys of certificates are among its files, so these lie in memory. */
    private static Path folder(Path logs) throws IOException {
        return MemoryPlace.find(logs.resolve("ingress"));
    }

    /** As whom it works, if its package made a user and we may become that. */
    private static Optional<String> user() throws IOException {
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        try (Stream<String> users = Files.lines(Path.of("/etc/passwd"))) {
            return users.anyMatch(line -> line.startsWith(PROGRAM + ":")) && root
                    ? Optional.of(PROGRAM)
                    : Optional.empty();
        }
    }

    @Override
    public void apply(ProxyConfig config) throws IOException {
        SortedMap<String, String> files = HaproxyFiles.of(place, config);
        if (files.equals(written) && alive()) {
            return;
        }
        if (running.isPresent()) {
            pause();
        }
        try {
            write(files);
            Programs.run(PROGRAM, "-c", "-q", "-f", config());
        } catch (IOException refused) {
            // It would read them by itself if its worker died.
            write(written);
            throw refused;
        }
        written = files;
        if (running.isPresent()) {
            Programs.run("kill", "-USR2", Long.toString(running.get().pid()));
        } else {
            begin();
        }
        reloaded = System.nanoTime();
    }

    private String config() {
        return place.folder().resolve(HaproxyFiles.CONFIG).toString();
    }

    private void write(SortedMap<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(place.folder().resolve(file.getKey()), file.getValue());
        }
        for (String before : written.keySet()) {
            if (!files.containsKey(before)) {
                Files.deleteIfExists(place.folder().resolve(before));
            }
        }
    }

    /** Each change costs a process: those that come quickly wait for each other. */
    private void pause() throws IOException {
        long left = reloaded + ProxyLimits.BETWEEN_RELOADS.toNanos() - System.nanoTime();
        try {
            TimeUnit.NANOSECONDS.sleep(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting to tell HAProxy", e);
        }
    }

    private void begin() throws IOException {
        Process process = new ProcessBuilder(PROGRAM, "-W", "-f", config()).start();
        process.getOutputStream().close();
        Files.writeString(settings.logs().resolve(PID), Long.toString(process.pid()));
        lines(process.getInputStream(), this::request);
        lines(process.getErrorStream(), line -> LOG.info("haproxy: {}", line));
        running = Optional.of(process);
        var _ =
                process.onExit()
                        .thenAccept(ended -> {
                            if (!closed) {
                                LOG.warn("haproxy ended with {}", ended.exitValue());
                                died.run();
                            }
                        });
        long deadline = System.nanoTime() + ProxyLimits.BEGIN.toNanos();
        while (!answers()) {
            try {
                if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IOException(
                            "haproxy ended with "
                                    + process.exitValue()
                                    + " before it answered; this program's log has its words");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while haproxy began", e);
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "expected haproxy to answer at port "
                                + place.httpPort()
                                + " within "
                                + ProxyLimits.BEGIN.toSeconds()
                                + " s");
            }
        }
    }

    private boolean answers() {
        InetAddress address =
                settings.address().isAnyLocalAddress()
                        ? InetAddress.getLoopbackAddress()
                        : settings.address();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, place.httpPort()), LOOK_MILLIS);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static void lines(InputStream from, Consumer<String> to) {
        Thread.ofVirtual()
                .name("haproxy")
                .start(() -> {
                    try (BufferedReader lines =
                            new BufferedReader(
                                    new InputStreamReader(from, StandardCharsets.UTF_8))) {
                        lines.lines().forEach(to);
                    } catch (IOException | java.io.UncheckedIOException _) {
                        // It has ended.
                    }
                });
    }

    /** It tells of each request all but the time, which stands after the client; nothing is "". */
    private void request(String line) {
        int client = line.indexOf(' ');
        if (client > 0) {
            log.write(
                    line.substring(0, client)
                            + " ["
                            + Instant.now().truncatedTo(ChronoUnit.MILLIS)
                            + "]"
                            + line.substring(client).replace(" \"\"", " -"));
        }
    }

    @Override
    public ClusterIngress.Listening listening() {
        return new ClusterIngress.Listening(place.httpPort(), place.httpsPort());
    }

    @Override
    public boolean alive() {
        return running.isPresent() && running.get().isAlive();
    }

    @Override
    public void close() {
        closed = true;
        running.map(Process::toHandle).ifPresent(HaproxyProxy::end);
        try {
            purge(settings.logs());
        } catch (IOException e) {
            LOG.warn("what HAProxy had is not taken away: {}", e.getMessage());
        }
    }

    /**
     * Ends the one whose access log is in a folder, and removes its files. An earlier program may
     * have left it.
     */
    static void purge(Path logs) throws IOException {
        Path pid = logs.resolve(PID);
        if (!Files.exists(pid)) {
            return;
        }
        Path folder = folder(logs);
        try {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                    .filter(process ->
                            words(process).stream()
                                    .anyMatch(word -> word.startsWith(folder.toString())))
                    .ifPresent(HaproxyProxy::end);
        } catch (NumberFormatException _) {
            // It was not written down to the end: so none was waited for.
        }
        Files.deleteIfExists(pid);
        MemoryPlace.remove(folder);
    }

    /** While it becomes another program, as at each reload, it has no words for a moment. */
    private static List<String> words(ProcessHandle process) {
        List<String> words = commandLine(process);
        for (int look = 0; look < LOOKS && words.stream().allMatch(String::isEmpty); look++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
            words = commandLine(process);
        }
        return words;
    }

    private static List<String> commandLine(ProcessHandle process) {
        try {
            return List.of(
                    Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                            .split("\0", -1));
        } catch (IOException gone) {
            return List.of();
        }
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(ProxyLimits.END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException late) {
            LOG.debug("haproxy takes long to end", late);
            process.destroyForcibly();
        }
    }
}
