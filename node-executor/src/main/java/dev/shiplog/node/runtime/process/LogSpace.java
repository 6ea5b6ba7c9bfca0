package dev.shiplog.node.runtime.process;

import dev.shiplog.node.image.Trees;
import dev.shiplog.node.linux.Holes;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds what a container's log takes on disk. A container writes to one file for all of its life,
 * and a file that something writes to cannot be exchanged; so its beginning is given back instead,
 * a piece at a time. Positions in it never change: who reads or follows it notices nothing.
 *
 * <p>Invariant: where a log begins is on disk before anything of it is given back, so that nobody
 * reads what is not there any more.
 */
final class LogSpace {
    /** How much is given back at once: as much as the kubelet keeps in one file. */
    static final long PIECE_BYTES = 10L << 20;

    /** How many pieces there are at most: as many as the kubelet keeps files. */
    static final int MOST_PIECES = 5;

    /** The kernel gives back whole blocks. */
    private static final long BLOCK_BYTES = 4096;

    private static final System.Logger LOG = System.getLogger(LogSpace.class.getName());

    private final Layout layout;
    private final LogTimes times;
    private final Map<String, Long> begins = new ConcurrentHashMap<>();
    private volatile boolean possible = true;

    LogSpace(Layout layout, LogTimes times) {
        this.layout = layout;
        this.times = times;
    }

    /** Where a log begins by now; what is before must not be read. */
    long begin(String id) throws IOException {
        Long known = begins.get(id);
        if (known != null) {
            return known;
        }
        long begin = 0;
        try {
            begin = Long.parseLong(Files.readString(layout.logBegin(id)).strip());
        } catch (NoSuchFileException e) {
            // All of it is there.
        }
        begins.merge(id, begin, Math::max);
        return begin;
    }

    void forget(String id) {
        begins.remove(id);
    }

    /** Gives back what is too much. */
    synchronized void trim(String id) throws IOException {
        Path log = layout.log(id);
        if (!possible || !Files.exists(log) || !Files.isDirectory(layout.container(id))) {
            return;
        }
        long size = Files.size(log);
        if (size - begin(id) <= MOST_PIECES * PIECE_BYTES) {
            return;
        }
        long begin = (size - (MOST_PIECES - 1) * PIECE_BYTES) / BLOCK_BYTES * BLOCK_BYTES;
        try {
            Trees.write(layout.logBegin(id), (begin + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchFileException removed) {
            return;
        }
        begins.put(id, begin);
        try {
            Holes.punch(log, begin);
            long notes = times.bytesBefore(id, begin) / BLOCK_BYTES * BLOCK_BYTES;
            if (notes > 0) {
                Holes.punch(layout.times(id), notes);
            }
        } catch (IOException unable) {
            possible = false;
            LOG.log(
                    Level.WARNING,
                    "logs below "
                            + layout.logs()
                            + " are not bounded: the file system cannot give back a part of a file",
                    unable);
        }
    }
}
