package dev.shiplog.node.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process, for sure: the kernel gives numbers again, but not at the same time.
 *
 * @param pid its number
 * @param begun when it began, in clock ticks since the machine started; field 22 of {@code
 *     /proc/PID/stat}
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
record ProcessIdentity(long pid, long begun) {
    /** The bit of the kernel's flags that says that a process ends. */
    private static final long PF_EXITING = 0x4;

    /** Reads {@code PID BEGUN}, as the scripts write it; empty if it is not all there yet. */
    static Optional<ProcessIdentity> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = Files.readString(file);
        String[] words = text.strip().split(" ", -1);
        if (!text.endsWith("\n") || words.length != 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new ProcessIdentity(Long.parseLong(words[0]), Long.parseLong(words[1])));
        } catch (NumberFormatException e) {
            throw new IOException("expected \"PID TICKS\" in " + file + ", found " + text, e);
        }
    }

    /** Whether it lives: is there, is the same, and is no zombie. */
    boolean alive() {
        return stat().isPresent();
    }

    /**
     * Whether it lives and has not begun to end. The first process of a namespace ends only after
     * all others of it; nothing can join the namespace meanwhile.
     */
    boolean stays() {
        return stat().filter(fields -> (Long.parseLong(fields[6]) & PF_EXITING) == 0).isPresent();
    }

    /**
     * What the kernel says of it, from its state (field 3 of proc_pid_stat(5)) on; empty if it does
     * not live.
     */
    private Optional<String[]> stat() {
        String stat;
        try {
            stat =
                    new String(
                            Files.readAllBytes(Path.of("/proc/" + pid + "/stat")),
                            StandardCharsets.UTF_8);
        } catch (IOException e) {
            return Optional.empty();
        }
        // The name stands in parentheses and may hold anything, so count from its end.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        boolean dead = fields[0].equals("Z") || fields[0].equals("X");
        return dead || Long.parseLong(fields[19]) != begun ? Optional.empty() : Optional.of(fields);
    }

    /** Sends a signal, by name or number, if it lives. */
    void signal(String signal) throws IOException {
        if (!alive()) {
            return;
        }
        if (signal.equals("KILL")) {
            kill();
        } else if (signal.equals("TERM")) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        } else {
            Command.run("/bin/kill", "-s", signal, "--", Long.toString(pid));
        }
    }

    /** Ends it at once, if it lives. */
    void kill() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /**
     * Whether a container's first process has become the container's command. Before that it is one
     * of the programs that prepare it: still in this program's root directory, or code of an OCI
     * runtime; a signal would be lost on them, or worse.
     */
    boolean runsCommand() {
        try {
            Path process = Path.of("/proc", Long.toString(pid));
            return !Files.readString(process.resolve("comm")).startsWith("runc:[")
                    && !Files.readAttributes(process.resolve("root"), "unix:dev,ino")
                            .equals(Files.readAttributes(Path.of("/"), "unix:dev,ino"));
        } catch (IOException e) {
            // It has ended.
            return true;
        }
    }
}
