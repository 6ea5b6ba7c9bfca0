package dev.shiplog.source.jgit;

import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Commits that are promised before the repository has them. A group of commits becomes durable by
 * one wait for the disk: what it changes, and where it moves the branch, is appended to a file
 * beside the repository, and synced. So a commit costs what it changes. The repository gets all of
 * them at once, as one pack and one move of the branch, before anybody reads it: see {@link
 * #publish}.
 *
 * <p>Invariants: what {@link #commit} has returned from survives the end of the program and of the
 * machine; the repository's own files are whole at every moment, whatever ends; a record is deleted
 * only when what it holds is durable in the repository. {@link #open} gives the repository what an
 * earlier run promised, before anybody reads it.
 *
 * <p>Whoever reads the repository calls {@link #publish} before, and whoever moves the branch
 * another way {@link #settle}. Whoever makes commits holds what they follow by {@link #hold}.
 */
final class WriteAhead implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteAhead.class);

    /** The folder in the repository; Git looks into no folder that it does not know. */
    static final String FOLDER = "shiplog-ahead";

    /** What may be held back from the repository, in bytes of memory. */
    static final long MAX_HELD_BYTES = 8L << 20;

    /**
     * Objects that may be held back from the repository: about a thousand commits. As many
     * differences may follow one another where they are restored from their records.
     */
    private static final int MAX_HELD_OBJECTS = 3_000;

    /**
     * What records may take on the disk, in bytes, before they are deleted although there was no
     * quiet second for that: a start reads all of them.
     */
    static final long MAX_RECORDED_BYTES = 32L << 20;

    private final Repository repository;
    private final ObjectDirectory objects;
    private final String branch;
    private final Upkeep upkeep;
    private final Path folder;

    /** Guards all below; held while a group is made, and while the repository gets one. */
    private final ReentrantLock lock = new ReentrantLock(true);

    /**
     * What the repository does not have yet; its first objects are promised, the rest being made.
     */
    private final CommitPack held = new CommitPack();

    /** So many of the held objects are promised. */
    private int promised;

    /** Where the held commits move the branch; empty if there are none. */
    private volatile Optional<Held> moved = Optional.empty();

    /** Files that nothing is added to, oldest first. */
    private final Deque<AheadFile> closed = new ArrayDeque<>();

    private AheadFile current;

    /**
     * That commits are held.
     *
     * @param from where the branch stands in the repository
     * @param to where it stands for us
     */
    private record Held(ObjectId from, ObjectId to) {}

    private WriteAhead(
            Repository repository,
            ObjectDirectory objects,
            String branch,
            Upkeep upkeep,
            Path folder,
            AheadFile current) {
        this.repository = repository;
        this.objects = objects;
        this.branch = branch;
        this.upkeep = upkeep;
        this.folder = folder;
        this.current = current;
    }

    /** Makes good what an earlier run left, and begins anew. */
    static WriteAhead open(
            Repository repository, ObjectDirectory objects, String branch, Upkeep upkeep)
            throws IOException {
        Path folder = repository.getDirectory().toPath().resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Durable.folder(repository.getDirectory().toPath());
        }
        List<Path> left;
        try (Stream<Path> all = Files.list(folder)) {
            left = all.sorted().toList();
        }
        new Restoration(repository, objects).run(left);
        AheadFile current = AheadFile.create(folder, left);
        for (Path file : left) {
            Files.delete(file);
        }
        Durable.folder(folder);
        return new WriteAhead(repository, objects, branch, upkeep, folder, current);
    }

    /** What commits are made into; only by whoever has a {@link #hold}. */
    CommitPack pack() {
        return held;
    }

    /** Keeps what is promised where it is while commits are made that follow it. */
    Turns.Turn hold() {
        lock.lock();
        return lock::unlock;
    }

    /**
     * Where the branch stands, held commits included; the zero id if there is none.
     *
     * @throws IOException also if somebody moved it who should not: then what was held is on
     *     another branch when this is called again
     */
    ObjectId tip() throws IOException {
        Optional<Held> now = moved;
        if (now.isPresent()) {
            if (Branch.standsAt(repository, branch, now.get().from())) {
                return now.get().to();
            }
            publish();
        }
        return Branch.tip(repository, branch);
    }

    /**
     * Promises what was made since the last promise. The caller has its turn and a {@link #hold}.
     *
     * @throws IOException if the branch does not stand where it was expected, or the disk fails:
     *     then nothing is promised
     */
    void commit(ObjectId from, ObjectId to) throws IOException {
        if (!tip().equals(from)) {
            throw new IOException("expected " + branch + " at " + from.name() + ", found it moved");
        }
        append(new AheadFile.Move(branch, from, to, Optional.of(held.thin(promised))));
        promised = held.size();
        moved = Optional.of(new Held(moved.map(Held::from).orElse(from), to));
    }

    /** Forgets what was made and not promised. */
    void forgetUnpromised() {
        lock.lock();
        try {
            held.truncate(promised);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the repository what is promised if that is much, and deletes the records of it if those
     * are many. Before more is made; the caller has its turn.
     */
    void makeRoom() throws IOException {
        lock.lock();
        try {
            if (recorded() > MAX_RECORDED_BYTES) {
                settle();
            } else if (held.bytes() > MAX_HELD_BYTES || held.size() > MAX_HELD_OBJECTS) {
                publish();
            }
        } finally {
            lock.unlock();
        }
    }

    private long recorded() {
        return current.bytes() + closed.stream().mapToLong(AheadFile::bytes).sum();
    }

    /** Moves the branch back, when nothing followed from its move. The caller has its turn. */
    void takeBack(ObjectId from, ObjectId to) throws IOException {
        lock.lock();
        try {
            publish();
            append(new AheadFile.Move(branch, from, to, Optional.empty()));
            Branch.takeBack(repository, branch, from, to);
        } finally {
            lock.unlock();
        }
    }

    private void append(AheadFile.Move record) throws IOException {
        if (current.torn()) {
            // What follows a torn record would never be read.
            AheadFile next = AheadFile.create(folder, List.of(current.path()));
            closed.add(current);
            current = next;
        }
        current.append(record);
    }

    /**
     * Gives the repository what is promised: when this returns, whoever reads it finds it there,
     * and it is durable. Waits for the group that is being made. Costs nothing if nothing is held.
     *
     * @throws IOException if the disk fails: what is promised stays so, and this may be tried again
     */
    void publish() throws IOException {
        if (moved.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            if (moved.isPresent()) {
                publish(moved.get());
            }
        } finally {
            lock.unlock();
        }
    }

    private void publish(Held commits) throws IOException {
        forgetUnpromised();
        held.write(objects);
        if (Branch.tip(repository, branch).equals(commits.from())) {
            Branch.put(repository, branch, commits.to());
        } else {
            String kept = Branch.keep(repository, commits.to());
            LOG.error(
                    "{} in {} was moved by somebody who did not come through the server. The commits"
                            + " that followed {} are on the branch {}",
                    branch,
                    repository.getDirectory(),
                    commits.from().name(),
                    kept);
        }
        moved = Optional.empty();
        held.truncate(0);
        promised = 0;
        upkeep.written();
    }

    /** Whether there is something to settle. */
    boolean pending() {
        lock.lock();
        try {
            return moved.isPresent() || current.bytes() > 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the repository what is promised, and deletes the records of it. The caller has its
     * turn.
     */
    void settle() throws IOException {
        lock.lock();
        try {
            publish();
            if (current.bytes() == 0 && closed.isEmpty()) {
                return;
            }
            AheadFile next = AheadFile.create(folder, List.of(current.path()));
            closed.add(current);
            current = next;
            for (AheadFile file : List.copyOf(closed)) {
                file.delete();
                closed.remove(file);
            }
            Durable.folder(folder);
        } finally {
            lock.unlock();
        }
    }

    /** Settles what can be; the rest is made good at the next start. */
    @Override
    public void close() throws IOException {
        try {
            settle();
        } finally {
            current.close();
        }
    }
}
