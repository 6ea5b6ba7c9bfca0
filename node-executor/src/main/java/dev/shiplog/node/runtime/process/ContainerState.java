package dev.shiplog.node.runtime.process;

import dev.shiplog.node.image.Trees;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.ContainerStatus.Ended;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Reads what supervisors wrote, and what the kernel says of their processes. */
final class ContainerState {
    private static final int KILLED = 137;

    private final Layout layout;

    /** Ended containers do not change any more. */
    private final Map<String, ContainerStatus> ended = new ConcurrentHashMap<>();

    ContainerState(Layout layout) {
        this.layout = layout;
    }

    /** A container as it is now. Marks one whose supervisor vanished as ended. */
    ContainerStatus read(ContainerRecord record) throws IOException {
        ContainerStatus known = ended.get(record.id());
        if (known != null) {
            return known;
        }
        Optional<ProcessIdentity> init = init(record.id());
        // Asked in this order: what was alive just now may have ended since, never the reverse.
        boolean alive = init.map(ProcessIdentity::alive).orElse(false) || supervised(record.id());
        Optional<Exit> exit = exit(record.id());
        if (exit.isEmpty() && init.isPresent() && !alive) {
            exit = Optional.of(lost(record.id()));
        }
        ContainerStatus status =
                new ContainerStatus(
                        record.id(),
                        record.name(),
                        record.attempt(),
                        record.image(),
                        record.imageId(),
                        init.isPresent()
                                ? Optional.of(time(layout.started(record.id())))
                                : Optional.empty(),
                        exit.isEmpty() ? Optional.empty() : Optional.of(ended(record, exit.get())));
        if (status.ended().isPresent()) {
            ended.put(record.id(), status);
        }
        return status;
    }

    void forget(String id) {
        ended.remove(id);
    }

    /** The container's process 1, once it runs. */
    Optional<ProcessIdentity> init(String id) throws IOException {
        return ProcessIdentity.read(layout.started(id));
    }

    /** Whether its supervisor lives. */
    boolean supervised(String id) throws IOException {
        return supervisor(id).map(ProcessIdentity::alive).orElse(false);
    }

    Optional<ProcessIdentity> supervisor(String id) throws IOException {
        return ProcessIdentity.read(layout.container(id).resolve("supervisor"));
    }

    /** Records an end that no supervisor could, with its reason. */
    void recordEnd(String id, int code, String reason) throws IOException {
        Trees.write(
                layout.container(id).resolve("failure"), reason.getBytes(StandardCharsets.UTF_8));
        Trees.write(layout.exited(id), (code + " 0\n").getBytes(StandardCharsets.UTF_8));
    }

    private record Exit(int code, boolean oom) {}

    private Optional<Exit> exit(String id) throws IOException {
        try {
            String text = Files.readString(layout.exited(id));
            String[] words = text.strip().split(" ", -1);
            return text.endsWith("\n") && words.length == 2
                    ? Optional.of(new Exit(Integer.parseInt(words[0]), !words[1].equals("0")))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * One at a time: two who find the same container ended would write its end over each other's.
     */
    private synchronized Exit lost(String id) throws IOException {
        // It, or another of us, may have written its end between our two looks.
        Optional<Exit> written = exit(id);
        if (written.isPresent()) {
            return written.get();
        }
        recordEnd(
                id,
                KILLED,
                "its supervisor was killed or the machine restarted: the real exit code is unknown");
        return new Exit(KILLED, false);
    }

    private Ended ended(ContainerRecord record, Exit exit) throws IOException {
        Path failure = layout.container(record.id()).resolve("failure");
        String message =
                Files.exists(failure)
                        ? Files.readString(failure, StandardCharsets.UTF_8).strip()
                        : "";
        return new Ended(
                exit.code,
                exit.oom && exit.code == KILLED,
                time(layout.exited(record.id())),
                message);
    }

    private static Instant time(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant();
    }
}
