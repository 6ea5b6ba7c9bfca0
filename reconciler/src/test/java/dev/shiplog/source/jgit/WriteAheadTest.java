package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Commits whose repository is not synced yet, and ends of the program and of the machine. */
class WriteAheadTest {
    private static final String BRANCH = "main";

    @TempDir Path root;
    private ObjectId tree = ObjectId.zeroId();
    private TreeBytes names = TreeBytes.EMPTY;

    /** Commits one more file. */
    private ObjectId commit(WriteAhead ahead, ObjectId before, String text) throws IOException {
        CommitPack pack = new CommitPack();
        ObjectId tip = made(pack, before, text);
        ahead.commit(BRANCH, before, tip, pack.packed());
        return tip;
    }

    private ObjectId made(CommitPack pack, ObjectId before, String text) throws IOException {
        ObjectId blob = pack.add(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8));
        names = names.with("file-" + text, FileMode.REGULAR_FILE, blob);
        tree = pack.addTree(names.bytes(), tree);
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        if (!before.equals(ObjectId.zeroId())) {
            commit.setParentId(before);
        }
        commit.setAuthor(Workbench.committer(Cluster.NOW));
        commit.setCommitter(Workbench.committer(Cluster.NOW));
        commit.setMessage("Add " + text + "\n");
        return pack.add(Constants.OBJ_COMMIT, commit.build());
    }

    private static Repository repository(Path directory) throws IOException {
        return BareRepository.open(directory, BRANCH, Optional.empty());
    }

    private static WriteAhead ahead(Repository repository) throws IOException {
        return WriteAhead.open(repository, BareRepository.objects(repository));
    }

    /** The repository as another start finds it. */
    private static ObjectId started(Path directory) throws Exception {
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            assertFalse(ahead.pending());
            ObjectId tip = Branch.tip(repository, BRANCH);
            new GitCommand(directory, directory).git("fsck", "--strict", "--full");
            return tip;
        }
    }

    @Test
    void whatWasPromisedSurvivesWhateverTheMachineForgets() throws Exception {
        Path directory = root.resolve("r.git");
        List<ObjectId> tips = new ArrayList<>(List.of(ObjectId.zeroId()));
        List<Path> copies = new ArrayList<>();
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            for (int i = 0; i < 6; i++) {
                tips.add(commit(ahead, tips.getLast(), "text " + i));
                copies.add(copy(directory, "copy-" + i));
                if (i == 2) {
                    ahead.turnOver();
                }
            }
            new GitCommand(root, directory).git("fsck", "--strict", "--full");
        }
        for (int i = 0; i < copies.size(); i++) {
            ObjectId promised = tips.get(i + 1);
            assertEquals(promised, started(copy(copies.get(i), "killed-" + i)), "killed");
            for (int seed = 0; seed < 6; seed++) {
                Path lost = copy(copies.get(i), "lost-" + i + "-" + seed);
                forget(lost, tips.subList(0, i + 1), new Random(seed));
                assertEquals(promised, started(lost), "commit " + i + ", seed " + seed);
                assertEquals(promised, started(lost), "started again");
            }
        }
    }

    /** What was never synced may be gone, empty, old, or whole. */
    private static void forget(Path directory, List<ObjectId> before, Random random)
            throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory.resolve("objects/pack"))) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            switch (random.nextInt(4)) {
                case 0 -> Files.delete(file);
                case 1 -> Files.write(file, new byte[0]);
                case 2 -> Files.write(file, new byte[(int) Files.size(file)]);
                default -> {}
            }
        }
        Path branch = directory.resolve("refs/heads/main");
        switch (random.nextInt(5)) {
            case 0 -> Files.delete(branch);
            case 1 -> Files.write(branch, new byte[0]);
            case 2 -> Files.write(branch, new byte[41]);
            case 3 -> {
                ObjectId old = before.get(random.nextInt(before.size()));
                if (!old.equals(ObjectId.zeroId())) {
                    Files.writeString(branch, old.name() + "\n");
                }
            }
            default -> {}
        }
        if (random.nextBoolean()) {
            Files.write(directory.resolve("refs/heads/main.lock"), new byte[7]);
        }
        if (random.nextBoolean()) {
            Files.write(directory.resolve("objects/pack/pack-1.pack.tmp"), new byte[7]);
        }
    }

    /** The program ends at any byte of a record, before any file of the repository is written. */
    @Test
    void aRecordThatWasNotWholeIsNoCommit() throws Exception {
        Path directory = root.resolve("r.git");
        ObjectId promised;
        long whole;
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            promised = commit(ahead, ObjectId.zeroId(), "one");
            whole = used(newest(directory));
            Path before = copy(directory, "before");
            ObjectId next = commit(ahead, promised, "two");
            byte[] file = Files.readAllBytes(newest(directory));
            int end = (int) used(newest(directory));
            for (int cut : List.of(1, 8, 19, 20, 30, 70, end - (int) whole - 1)) {
                Path torn = copy(before, "torn-" + cut);
                byte[] partly = file.clone();
                Arrays.fill(partly, (int) whole + cut, partly.length, (byte) 0);
                Files.write(newest(torn), partly);
                assertEquals(promised, started(torn), "cut after " + cut + " bytes");
            }
            // Whole, and nothing of the repository yet: nobody was told, but all is there.
            Path unpublished = copy(before, "unpublished");
            Files.write(newest(unpublished), file);
            assertEquals(next, started(unpublished));
        }
    }

    @Test
    void whatWasTakenBackStaysSo() throws Exception {
        Path directory = root.resolve("r.git");
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            ObjectId one = commit(ahead, ObjectId.zeroId(), "one");
            ObjectId two = commit(ahead, one, "two");
            Path before = copy(directory, "before");
            ahead.takeBack(BRANCH, two, one);

            assertEquals(one, started(copy(directory, "killed")));
            // The end of the machine came between the record and the move.
            Files.copy(newest(directory), newest(before), StandardCopyOption.REPLACE_EXISTING);
            assertEquals(one, started(before));
        }
    }

    /** Settled, moved on by a push; then the disk remembers a file that was deleted. */
    @Test
    void aBranchThatMovedOnIsNotMovedBack() throws Exception {
        Path directory = root.resolve("r.git");
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            ObjectId one = commit(ahead, ObjectId.zeroId(), "one");
            byte[] old = Files.readAllBytes(newest(directory));
            ahead.settle();
            assertFalse(ahead.pending());
            CommitPack pushed = new CommitPack();
            ObjectId two = made(pushed, one, "two");
            pushed.write(BareRepository.objects(repository));
            assertTrue(Branch.move(repository, BRANCH, one, two, "push"));
            Path copy = copy(directory, "copy");
            Files.write(
                    copy.resolve(WriteAhead.FOLDER).resolve("0000000000000001"),
                    old,
                    StandardOpenOption.CREATE);

            assertEquals(two, started(copy));
        }
    }

    /** A file of the repository cannot be synced: what is written ahead is all that is sure. */
    @Test
    void whatCannotBeSyncedIsKeptAheadUntilTheNextStart() throws Exception {
        Path directory = root.resolve("r.git");
        Repository repository = repository(directory);
        WriteAhead ahead = ahead(repository);
        ObjectId one = commit(ahead, ObjectId.zeroId(), "one");
        Path pack = onlyPack(directory);
        Files.delete(pack);
        // Opening it for a sync fails for everybody, also for root.
        Files.createDirectory(pack);

        assertThrows(IOException.class, ahead::settle);

        assertFalse(ahead.pending(), "it is not tried again: a second sync may say yes to a loss");
        // Pushes and rollbacks sync first, so they are refused, and say what to do.
        IOException refused = assertThrows(IOException.class, ahead::settle);
        assertEquals(
                "the disk failed to take what was written to "
                        + directory
                        + " (the server's log says when). Nothing that was answered is lost:"
                        + " shiplog stop and shiplog start write it again",
                refused.getMessage());
        assertThrows(IOException.class, ahead::turnOver);
        // Writes of clients are still promised: they need the file ahead only.
        ObjectId two = commit(ahead, one, "two");
        assertThrows(IOException.class, ahead::close);
        repository.close();
        Files.delete(pack);

        assertEquals(two, started(directory));
    }

    private static Path onlyPack(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("objects/pack"))) {
            return files.filter(file -> file.toString().endsWith(".pack"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void packsThatAreMergedNeedNotBeSettled() throws Exception {
        Path directory = root.resolve("r.git");
        ObjectId tip = ObjectId.zeroId();
        try (Repository repository = repository(directory)) {
            ObjectDirectory objects = BareRepository.objects(repository);
            try (WriteAhead ahead = ahead(repository);
                    Upkeep upkeep = new Upkeep(objects, ahead)) {
                for (int round = 0; round < 4; round++) {
                    for (int i = 0; i < 5; i++) {
                        tip = commit(ahead, tip, round + "-" + i);
                    }
                    upkeep.merge();
                    assertEquals(tip, started(copy(directory, "round-" + round)));
                }
                try (Stream<Path> files = Files.list(directory.resolve(WriteAhead.FOLDER))) {
                    assertEquals(2, files.count(), "one that is closed, one that is open");
                }
            }
            assertFalse(Files.exists(directory.resolve("refs/heads/main.lock")));
        }
        assertEquals(tip, started(directory));
    }

    private static Path newest(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(WriteAhead.FOLDER))) {
            return files.max(Path::compareTo).orElseThrow();
        }
    }

    private static long used(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private Path copy(Path directory, String name) throws IOException {
        Path to = root.resolve(name);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(directory.relativize(file)));
            }
        }
        return to;
    }
}
