package dev.shiplog.source.jgit;

import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.internal.storage.file.ObjectDirectoryPackParser;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PackParser;
import org.eclipse.jgit.util.NB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Gives a repository what an earlier run promised and did not give it, see {@link WriteAhead}. Run
 * before anybody reads the repository; running it again changes nothing.
 *
 * <p>The repository got commits in the order of their records, and all that a record needs before
 * it: so whoever has the last commit of a record has those of all before.
 */
final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    /** Where the number of objects stands in a pack. */
    private static final int COUNT_AT = 8;

    private final Repository repository;
    private final ObjectDirectory objects;

    Restoration(Repository repository, ObjectDirectory objects) {
        this.repository = repository;
        this.objects = objects;
    }

    /**
     * @param files what was written ahead, oldest first
     * @throws IOException if the repository lacks what a record builds on, or the disk fails
     */
    void run(List<Path> files) throws IOException {
        clearDrafts();
        List<AheadFile.Move> records = records(files);
        int stored = stored(records);
        restore(files, stored, records);
        point(records, stored < records.size());
    }

    /** Deletes packs that were being written when the program ended. */
    private void clearDrafts() throws IOException {
        List<Path> drafts;
        try (Stream<Path> all = Files.list(objects.getPackDirectory().toPath())) {
            drafts = all.filter(file -> file.toString().endsWith(".tmp")).toList();
        } catch (NoSuchFileException _) {
            return;
        }
        for (Path draft : drafts) {
            Files.delete(draft);
        }
    }

    private static List<AheadFile.Move> records(List<Path> files) throws IOException {
        List<AheadFile.Move> records = new ArrayList<>();
        for (Path file : files) {
            AheadFile.read(file, record -> records.add(record.withoutPack()));
        }
        return records;
    }

    /** How many records, from the first on, the repository has all commits of. */
    private int stored(List<AheadFile.Move> records) throws IOException {
        for (int n = records.size(); n > 0; n--) {
            AheadFile.Move record = records.get(n - 1);
            if (!record.to().equals(ObjectId.zeroId()) && objects.has(record.to())) {
                return n;
            }
        }
        return 0;
    }

    /**
     * Writes what the records of each file hold as one pack, with the folders that they are
     * differences to. A file that ends with a record which the disk refused may be followed by one
     * that brings the same objects again; in one pack they would stand twice, which Git refuses.
     */
    private void restore(List<Path> files, int stored, List<AheadFile.Move> records)
            throws IOException {
        int seen = 0;
        for (Path file : files) {
            Entries entries = new Entries(stored - seen);
            AheadFile.read(file, entries);
            seen += entries.seen;
            if (entries.objects > 0) {
                write(entries.pack());
                LOG.info("{} groups of commits were promised and are restored", entries.records);
            }
        }
        if (stored < records.size()) {
            ObjectId last = records.getLast().to();
            if (!last.equals(ObjectId.zeroId()) && !objects.has(last)) {
                throw new IOException(
                        "expected commit "
                                + last.name()
                                + " in what was written ahead, found none");
            }
        }
    }

    private void write(byte[] thin) throws IOException {
        try (ObjectInserter inserter = objects.newInserter()) {
            PackParser parser = inserter.newPackParser(new ByteArrayInputStream(thin));
            parser.setAllowThin(true);
            var _ = parser.parse(NullProgressMonitor.INSTANCE);
            // None if the repository has the very pack, of the file before.
            if (parser instanceof ObjectDirectoryPackParser onDisk && onDisk.getPack() != null) {
                Path pack = onDisk.getPack().getPackFile().toPath();
                Durable.sync(pack);
                Durable.sync(
                        pack.resolveSibling(
                                pack.getFileName().toString().replaceFirst("pack$", "idx")));
            }
        }
        Durable.folder(objects.getPackDirectory().toPath());
    }

    /**
     * The entries of all packs but the first, one after the other: they find their bases by name.
     */
    private static final class Entries implements AheadFile.Reader {
        private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
        private final int skipped;
        private int seen;
        private int records;
        private int objects;

        Entries(int skipped) {
            this.skipped = skipped;
        }

        @Override
        public void record(AheadFile.Move record) {
            if (seen++ < skipped || record.pack().isEmpty()) {
                return;
            }
            byte[] pack = record.pack().get();
            records++;
            objects += NB.decodeInt32(pack, COUNT_AT);
            entries.write(
                    pack,
                    CommitPack.HEADER_BYTES,
                    pack.length - CommitPack.HEADER_BYTES - CommitPack.CHECKSUM_BYTES);
        }

        byte[] pack() {
            ByteArrayOutputStream pack = new ByteArrayOutputStream();
            MessageDigest sum = CommitPack.sha1();
            for (byte[] part : List.of(CommitPack.header(objects), entries.toByteArray())) {
                pack.writeBytes(part);
                sum.update(part);
            }
            pack.writeBytes(sum.digest());
            return pack.toByteArray();
        }
    }

    /**
     * Moves a branch to where the last record has it. If it stands where no record ever had it,
     * somebody moved it afterwards: it is left alone, and what only the records had gets a branch
     * of its own.
     */
    private void point(List<AheadFile.Move> records, boolean restored) throws IOException {
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
            Optional<ObjectId> now = tip(last.branch());
            if (now.isEmpty() || stands.contains(now.get())) {
                LOG.info("{} is put to {}, as was promised", last.branch(), last.to().name());
                Branch.put(repository, last.branch(), last.to());
            } else if (restored) {
                LOG.error(
                        "{} in {} was moved by somebody while the server was down. The commits that"
                                + " it had are on the branch {}",
                        last.branch(),
                        repository.getDirectory(),
                        Branch.keep(repository, last.to()));
            }
        }
    }

    /** Empty for a file that the end of the machine has torn, and for none. */
    private Optional<ObjectId> tip(String branch) {
        try {
            ObjectId tip = Branch.tip(repository, branch);
            return tip.equals(ObjectId.zeroId()) ? Optional.empty() : Optional.of(tip);
        } catch (IOException e) {
            LOG.warn("{} cannot be read, and is written again: {}", branch, e.getMessage());
            return Optional.empty();
        }
    }
}
