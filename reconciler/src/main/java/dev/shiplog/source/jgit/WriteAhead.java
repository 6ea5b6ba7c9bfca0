package dev.shiplog.source.jgit;

import org.eclipse.jgit.internal.storage.file.LockFile;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes groups of commits durable by one wait for the disk: what a group brings and where it moves
 * the branch is appended to a file beside the repository, and synced. The repository's own files
 * are written at once, and synced at leisure.
 *
 * <p>Invariants: what {@link #commit} has returned from survives the end of the machine; the
 * repository is whole for every reader while the machine runs, whatever becomes of the program. A
 * file is deleted only when all that it holds is durable in the repository. After the end of the
 * machine, {@link #open} makes good what the repository lost, before anybody reads it.
 *
 * <p>Everybody who moves the branch another way calls {@link #settle} before.
 */
final class WriteAhead implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteAhead.class);

    /** The folder in the repository; Git looks into no folder that it does not know. */
    static final String FOLDER = "shiplog-ahead";

    /** What the file may hold before whoever appends to it waits until it is settled, in bytes. */
    static final long MAX_BYTES = 64L << 20;

    private final Repository repository;
    private final ObjectDirectory objects;
    private final Path folder;

    /** Held while files are synced and deleted. */
    private final Object settling = new Object();

    /** Files that nothing is added to, oldest first; guarded by this. */
    private final Deque<AheadFile> closed = new ArrayDeque<>();

    /** Guarded by this. */
    private AheadFile current;

    /**
     * A file could not be synced. Another sync of it may say yes to what is lost, so nothing is
     * forgotten any more: the next start writes it all again.
     */
    private volatile boolean failed;

    private WriteAhead(
            Repository repository, ObjectDirectory objects, Path folder, AheadFile current) {
        this.repository = repository;
        this.objects = objects;
        this.folder = folder;
        this.current = current;
    }

    /** Makes good what an earlier run left, and begins anew. */
    static WriteAhead open(Repository repository, ObjectDirectory objects) throws IOException {
        Path folder = repository.getDirectory().toPath().resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Durable.folder(repository.getDirectory().toPath());
        }
        List<Path> left;
        try (Stream<Path> all = Files.list(folder)) {
            left = all.sorted().toList();
        }
        clearDrafts(objects.getPackDirectory().toPath());
        List<AheadFile.Move> records = new ArrayList<>();
        for (Path file : left) {
            AheadFile.read(
                    file,
                    record -> {
                        if (record.packed().isPresent()) {
                            restore(objects, record.packed().get());
                        }
                        records.add(record.withoutPack());
                    });
        }
        if (!records.isEmpty()) {
            Durable.folder(objects.getPackDirectory().toPath());
            point(repository, records);
            objects.close();
        }
        AheadFile current = AheadFile.create(folder, left);
        for (Path file : left) {
            Files.delete(file);
        }
        Durable.folder(folder);
        return new WriteAhead(repository, objects, folder, current);
    }

    /** Deletes packs that were being written when the program ended. */
    private static void clearDrafts(Path packs) throws IOException {
        List<Path> drafts;
        try (Stream<Path> all = Files.list(packs)) {
            drafts = all.filter(file -> file.toString().endsWith(".tmp")).toList();
        } catch (NoSuchFileException _) {
            return;
        }
        for (Path draft : drafts) {
            Files.delete(draft);
        }
    }

    /** Writes a pack again, whatever is there now. */
    private static void restore(ObjectDirectory objects, CommitPack.Packed packed)
            throws IOException {
        Path packs = objects.getPackDirectory().toPath();
        Files.createDirectories(packs);
        packed.writeDurably(packs);
    }

    /**
     * Moves a branch to where the last record has it. It is left alone if it stands where no record
     * ever had it: then somebody moved it after all of them were durable.
     */
    private static void point(Repository repository, List<AheadFile.Move> records)
            throws IOException {
        Set<String> branches = new HashSet<>();
        for (AheadFile.Move last : records.reversed()) {
            if (!branches.add(last.branch())) {
                continue;
            }
            Branch.unlock(repository, last.branch());
            Set<ObjectId> stands = new HashSet<>();
            for (AheadFile.Move record : records) {
                if (record.branch().equals(last.branch())) {
                    stands.add(record.from());
                    stands.add(record.to());
                }
            }
            Optional<ObjectId> now = tip(repository, last.branch());
            if (now.isEmpty() || stands.contains(now.get())) {
                LOG.info("{} is put to {}, as was promised", last.branch(), last.to().name());
                write(repository, last.branch(), last.to(), true);
            }
        }
    }

    /** Empty for a file that the end of the machine has torn, and for none. */
    private static Optional<ObjectId> tip(Repository repository, String branch) {
        try {
            ObjectId tip = Branch.tip(repository, branch);
            return tip.equals(ObjectId.zeroId()) ? Optional.empty() : Optional.of(tip);
        } catch (IOException e) {
            LOG.warn("{} cannot be read, and is written again: {}", branch, e.getMessage());
            return Optional.empty();
        }
    }

    private static Path file(Repository repository, String branch) {
        return repository.getDirectory().toPath().resolve(Constants.R_HEADS + branch);
    }

    /** Writes a branch as Git does, by a lock that takes its place. */
    private static void write(Repository repository, String branch, ObjectId to, boolean durable)
            throws IOException {
        Path file = file(repository, branch);
        if (to.equals(ObjectId.zeroId())) {
            Files.deleteIfExists(file);
        } else {
            LockFile lock = new LockFile(file.toFile());
            if (!lock.lock()) {
                throw new IOException(
                        "expected to move "
                                + branch
                                + ", found it locked: somebody else is writing "
                                + file);
            }
            lock.setFSync(durable);
            try {
                lock.write(to);
                if (!lock.commit()) {
                    throw new IOException("expected to replace " + file + ", could not");
                }
            } finally {
                lock.unlock();
            }
        }
        if (durable) {
            Branch.durable(repository, branch);
        }
    }

    /**
     * Stores a group of commits and moves the branch to the last of them. The caller has its turn.
     *
     * @throws IOException if the branch does not stand where it was expected, or the disk fails:
     *     then nothing is promised
     */
    void commit(String branch, ObjectId from, ObjectId to, CommitPack.Packed packed)
            throws IOException {
        if (!Branch.tip(repository, branch).equals(from)) {
            throw new IOException("expected " + branch + " at " + from.name() + ", found it moved");
        }
        append(new AheadFile.Move(branch, from, to, Optional.of(packed)));
        try {
            packed.write(objects);
            write(repository, branch, to, false);
        } catch (IOException e) {
            append(new AheadFile.Move(branch, to, from, Optional.empty()));
            throw e;
        }
    }

    /** Moves a branch back, when nothing followed from its move. The caller has its turn. */
    void takeBack(String branch, ObjectId from, ObjectId to) throws IOException {
        append(new AheadFile.Move(branch, from, to, Optional.empty()));
        Branch.takeBack(repository, branch, from, to);
    }

    private void append(AheadFile.Move record) throws IOException {
        if (bytes() > MAX_BYTES) {
            settle();
        }
        synchronized (this) {
            if (current.torn()) {
                // What follows a torn record would never be read.
                AheadFile next = AheadFile.create(folder, List.of(current.path()));
                closed.add(current);
                current = next;
            }
            current.append(record);
        }
    }

    private synchronized long bytes() {
        return current.bytes() + closed.stream().mapToLong(AheadFile::bytes).sum();
    }

    /** Whether there is something to settle that can be. */
    boolean pending() {
        return !failed && bytes() > 0;
    }

    /**
     * Makes the repository's own files durable and forgets what was written ahead. The caller has
     * its turn, so that nothing is added meanwhile.
     */
    void settle() throws IOException {
        requireSound();
        if (bytes() > 0) {
            synchronized (settling) {
                forget(turned());
            }
        }
    }

    private void requireSound() throws IOException {
        if (failed) {
            throw new IOException(
                    "the disk failed to take what was written to "
                            + repository.getDirectory()
                            + " (the server's log says when). Nothing that was answered is lost:"
                            + " shiplog stop and shiplog start write it again");
        }
    }

    /**
     * Begins another file, and settles those that were closed the last time: by then most of their
     * packs were merged and deleted.
     */
    void turnOver() throws IOException {
        requireSound();
        synchronized (settling) {
            List<AheadFile> old;
            synchronized (this) {
                old = List.copyOf(closed);
            }
            List<AheadFile> _ = turned();
            forget(old);
        }
    }

    /** All files but a new one. */
    private synchronized List<AheadFile> turned() throws IOException {
        if (current.bytes() > 0) {
            AheadFile next = AheadFile.create(folder, List.of(current.path()));
            closed.add(current);
            current = next;
        }
        return List.copyOf(closed);
    }

    private void forget(List<AheadFile> files) throws IOException {
        if (files.isEmpty()) {
            return;
        }
        try {
            sync(files);
        } catch (IOException e) {
            failed = true;
            LOG.error("the repository cannot be synced; start again to have it written anew", e);
            throw e;
        }
        for (AheadFile file : files) {
            file.delete();
            synchronized (this) {
                closed.remove(file);
            }
        }
        Durable.folder(folder);
    }

    private void sync(List<AheadFile> files) throws IOException {
        Path packs = objects.getPackDirectory().toPath();
        for (AheadFile file : files) {
            for (String name : file.packs()) {
                syncIfThere(packs.resolve(name + ".pack"));
                syncIfThere(packs.resolve(name + ".idx"));
            }
        }
        Durable.folder(packs);
        Set<String> branches = new HashSet<>();
        files.forEach(file -> branches.addAll(file.branches()));
        for (String branch : branches) {
            syncIfThere(file(repository, branch));
            Branch.durable(repository, branch);
        }
    }

    /** A pack that was merged is gone, and a branch that was packed has no file. */
    private static void syncIfThere(Path file) throws IOException {
        try {
            Durable.sync(file);
        } catch (NoSuchFileException _) {
            // The folder is synced too.
        }
    }

    /** Settles what can be; the rest is made good at the next start. */
    @Override
    public void close() throws IOException {
        try {
            settle();
        } finally {
            synchronized (this) {
                current.close();
            }
        }
    }
}
