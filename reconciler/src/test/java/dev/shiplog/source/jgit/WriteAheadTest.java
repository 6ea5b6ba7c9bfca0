package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.CommitBuilder;
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

/** Commits that the repository does not have yet, and ends of the program and of the machine. */
class WriteAheadTest {
    private static final String BRANCH = "main";

    @TempDir Path root;
    private ObjectId tree = ObjectId.zeroId();
    private TreeBytes names = TreeBytes.EMPTY;

    /** Commits one more file. */
    private ObjectId commit(WriteAhead ahead, ObjectId before, String text) throws IOException {
        try (Turns.Turn _ = ahead.hold()) {
            ObjectId tip = made(ahead.pack(), before, text);
            ahead.commit(before, tip);
            return tip;
        }
    }

    private ObjectId made(CommitPack pack, ObjectId before, String text) throws IOException {
        return made(pack, before, text, text.getBytes(StandardCharsets.UTF_8));
    }

    private ObjectId made(CommitPack pack, ObjectId before, String text, byte[] content)
            throws IOException {
        ObjectId blob = pack.addFile(content);
        byte[] bytesBefore = names.bytes();
        names = names.with("file-" + text, FileMode.REGULAR_FILE, blob);
        tree = pack.addTree(names.bytes(), tree, bytesBefore);
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        if (!before.equals(ObjectId.zeroId())) {
            commit.setParentId(before);
        }
        commit.setAuthor(Workbench.committer(Cluster.NOW));
        commit.setCommitter(Workbench.committer(Cluster.NOW));
        commit.setMessage("Add " + text + "\n");
        return pack.addCommit(commit.build());
    }

    private static Repository repository(Path directory) throws IOException {
        return BareRepository.open(directory, BRANCH, Optional.empty());
    }

    private static WriteAhead ahead(Repository repository) throws IOException {
        ObjectDirectory objects = BareRepository.objects(repository);
        return WriteAhead.open(repository, objects, BRANCH, new Upkeep(objects));
    }

    /** The repository as another start finds it. */
    private static ObjectId started(Path directory) throws Exception {
        sound(directory);
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            assertFalse(ahead.pending());
            ObjectId tip = Branch.tip(repository, BRANCH);
            sound(directory);
            return tip;
        }
    }

    /** Any Git client may read it as it lies there. */
    private static void sound(Path directory) throws Exception {
        new GitCommand(directory, directory).git("fsck", "--strict", "--full");
    }

    private static String commits(Path directory) throws Exception {
        return new GitCommand(directory, directory)
                .git("rev-list", "--count", "--all")
                .lines()
                .toList()
                .getLast()
                .strip();
    }

    @Test
    void whatWasPromisedSurvivesWhetherTheRepositoryHasItOrNot() throws Exception {
        Path directory = root.resolve("r.git");
        ObjectId tip = ObjectId.zeroId();
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            for (int i = 1; i <= 9; i++) {
                tip = commit(ahead, tip, "text " + i);
                assertEquals(tip, ahead.tip());
                switch (i) {
                    case 3, 6 -> ahead.publish();
                    case 8 -> ahead.settle();
                    default -> {}
                }
                Path killed = copy(directory, "killed-" + i);
                assertEquals(tip, started(killed), "commit " + i);
                assertEquals(tip, started(killed), "started again");
                assertEquals(Integer.toString(i), commits(killed));
            }
        }
        assertEquals(tip, started(directory));
    }

    /** What readers of the repository find is behind, or is all; it is never a part. */
    @Test
    void theRepositoryGetsManyCommitsAsOnePackWhenItIsAskedFor() throws Exception {
        Path directory = root.resolve("r.git");
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            ObjectId tip = ObjectId.zeroId();
            for (int i = 0; i < 120; i++) {
                tip = commit(ahead, tip, "text " + i);
            }
            assertEquals(ObjectId.zeroId(), Branch.tip(repository, BRANCH));
            assertEquals(0, packs(directory).size());

            ahead.publish();

            assertEquals(tip, Branch.tip(repository, BRANCH));
            assertEquals(1, packs(directory).size());
            sound(directory);
            assertEquals("120", commits(directory));
            assertEquals("text 7", show(directory, "main:file-text 7"));
            ahead.publish();
            assertEquals(1, packs(directory).size(), "there was nothing to give");
        }
    }

    /** What is synced for a commit does not grow with the folder, nor does what is held for it. */
    @Test
    void aCommitCostsTheDiskWhatItChanges() throws Exception {
        Path directory = root.resolve("r.git");
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            ObjectId tip = ObjectId.zeroId();
            for (int i = 0; i < 1_000; i++) {
                tip = commit(ahead, tip, "text " + i);
            }
            ahead.settle();
            tip = commit(ahead, tip, "first after the repository has all");
            long before = used(newest(directory));
            long heldBefore = ahead.pack().bytes();
            for (int i = 0; i < 10; i++) {
                tip = commit(ahead, tip, "more " + i);
            }
            long perCommit = (used(newest(directory)) - before) / 10;
            assertTrue(perCommit < 1_000, perCommit + " bytes written ahead for a commit");
            long held = (ahead.pack().bytes() - heldBefore) / 10;
            assertTrue(held < 1_000, held + " bytes held for a commit");
            assertTrue(names.bytes().length > 30_000, "of a folder that is much larger");
        }
    }

    /**
     * A start reads all that was written ahead, so it must not grow for as long as all are busy.
     */
    @Test
    void recordsAreDeletedThoughThereIsNoQuietSecond() throws Exception {
        Path directory = root.resolve("r.git");
        Random random = new Random(3);
        byte[] content = new byte[1 << 20];
        ObjectId tip = ObjectId.zeroId();
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            long most = 0;
            for (int i = 0; i < 80; i++) {
                random.nextBytes(content);
                ahead.makeRoom();
                try (Turns.Turn _ = ahead.hold()) {
                    ObjectId next = made(ahead.pack(), tip, "large " + i, content);
                    ahead.commit(tip, next);
                    tip = next;
                }
                long recorded = 0;
                for (Path file : files(directory.resolve(WriteAhead.FOLDER))) {
                    recorded += Files.size(file);
                }
                most = Math.max(most, recorded);
            }
            assertTrue(most > WriteAhead.MAX_RECORDED_BYTES / 2, () -> "not much was recorded");
            assertTrue(
                    most < WriteAhead.MAX_RECORDED_BYTES + 8L * content.length,
                    most + " bytes recorded");
            assertEquals(tip, started(copy(directory, "killed")));
        }
        assertEquals("80", commits(directory));
    }

    private static String show(Path directory, String object) throws Exception {
        return new GitCommand(directory, directory).git("show", object);
    }

    /** The program ends at any step of giving the repository what it was promised. */
    @Test
    void aPublicationThatWasCutOffIsDoneAgain() throws Exception {
        Path directory = root.resolve("r.git");
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            ObjectId first = commit(ahead, ObjectId.zeroId(), "one");
            ahead.publish();
            ObjectId tip = commit(ahead, commit(ahead, first, "two"), "three");
            Path before = copy(directory, "before");
            List<Path> old = packs(directory);
            ahead.publish();
            Path pack = packs(directory).stream().filter(p -> !old.contains(p)).findAny().get();
            Path index = index(pack);
            Path branch = directory.resolve("refs/heads/main");

            Path drafts = copy(before, "drafts");
            Path torn = drafts.resolve(directory.relativize(pack) + ".tmp");
            Files.write(torn, new byte[7]);
            assertEquals(tip, started(drafts));
            assertFalse(Files.exists(torn));
            for (List<Path> done :
                    List.of(List.of(pack), List.of(pack, index), List.of(pack, index, branch))) {
                Path cut = copy(before, "cut-" + done.size());
                for (Path file : done) {
                    Files.copy(
                            file,
                            cut.resolve(directory.relativize(file)),
                            StandardCopyOption.REPLACE_EXISTING);
                }
                Files.write(cut.resolve("refs/heads/main.lock"), new byte[7]);
                assertEquals(tip, started(cut), done.size() + " steps");
                assertEquals("3", commits(cut));
            }
        }
    }

    /** The program ends at any byte of a record. */
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
            // Whole: nobody was told, but all is there.
            Path unanswered = copy(before, "unanswered");
            Files.write(newest(unanswered), file);
            assertEquals(next, started(unanswered));
        }
    }

    /** A record that the disk refused may be there all the same, and the edit was tried again. */
    @Test
    void whatWasWrittenAheadTwiceIsRestoredOnce() throws Exception {
        Path directory = root.resolve("r.git");
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            ObjectId one = commit(ahead, ObjectId.zeroId(), "one");
            ahead.publish();
            int before = (int) used(newest(directory));
            ObjectId two = commit(ahead, one, "two");
            ObjectId three = commit(ahead, two, "three");
            Path again = copy(directory, "again");
            byte[] file = Files.readAllBytes(newest(directory));
            int end = (int) used(newest(directory));
            Path next = again.resolve(WriteAhead.FOLDER).resolve("00000000000000ff");
            Files.write(next, Arrays.copyOfRange(file, before, end + 4));

            assertEquals(three, started(again));
            assertEquals("3", commits(again));
            String index = index(packs(again).getLast()).toString();
            new GitCommand(again, again).git("verify-pack", index);
            new GitCommand(again, again).git("gc", "--quiet");
            assertEquals(three, started(again));
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
            ahead.takeBack(two, one);

            assertEquals(one, ahead.tip());
            assertEquals(one, started(copy(directory, "killed")));
            // The end of the machine came between the record and the move.
            Files.copy(newest(directory), newest(before), StandardCopyOption.REPLACE_EXISTING);
            assertEquals(one, started(before));
        }
    }

    @Test
    void whatWasMadeAndNotPromisedIsForgotten() throws Exception {
        Path directory = root.resolve("r.git");
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            ObjectId one = commit(ahead, ObjectId.zeroId(), "one");
            TreeBytes namesOfOne = names;
            ObjectId treeOfOne = tree;
            ObjectId two;
            try (Turns.Turn _ = ahead.hold()) {
                two = made(ahead.pack(), one, "two");
            }
            // Somebody reads meanwhile.
            ahead.publish();
            names = namesOfOne;
            tree = treeOfOne;
            ObjectId three = commit(ahead, one, "three");
            ahead.publish();

            assertEquals(three, started(copy(directory, "killed")));
            assertFalse(BareRepository.objects(repository).has(two));
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
            assertEquals("2", commits(copy));
        }
    }

    /** Somebody moves the branch of the repository on the disk, past the server. */
    @Test
    void whatSomebodyMovesTheBranchAwayFromIsKeptOnAnother() throws Exception {
        Path directory = root.resolve("r.git");
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            ObjectId one = commit(ahead, ObjectId.zeroId(), "one");
            ObjectId two = commit(ahead, one, "two");
            ahead.publish();
            ObjectId three = commit(ahead, two, "three");
            Path down = copy(directory, "down");
            Branch.put(repository, BRANCH, one);

            assertEquals(one, ahead.tip());
            String kept = "kept-" + three.name().substring(0, 12);
            assertEquals(three, Branch.tip(repository, kept));
            assertThrows(IOException.class, () -> ahead.commit(three, three));

            // The same while the server is down, to where no record ever had it.
            GitCommand git = new GitCommand(down, down);
            String elsewhere = git.git("commit-tree", "-m", "Elsewhere", "main^{tree}").strip();
            git.git("update-ref", "refs/heads/main", elsewhere);
            assertEquals(elsewhere, started(down).name());
            assertEquals(three.name(), git.git("rev-parse", kept).strip());
        }
    }

    /** The disk fails: what is promised stays so, and the repository gets it later. */
    @Test
    void whatTheRepositoryCannotTakeNowItGetsLater() throws Exception {
        Path directory = root.resolve("r.git");
        try (Repository repository = repository(directory);
                WriteAhead ahead = ahead(repository)) {
            ObjectId one = commit(ahead, ObjectId.zeroId(), "one");
            Path packs = directory.resolve("objects/pack");
            Files.delete(packs);
            // Writing into it fails for everybody, also for root.
            Files.write(packs, new byte[0]);

            assertThrows(IOException.class, ahead::publish);
            assertThrows(IOException.class, ahead::settle);
            // Writes of clients are still promised: they need the file ahead only.
            ObjectId two = commit(ahead, one, "two");
            assertEquals(two, ahead.tip());

            Files.delete(packs);
            ahead.publish();
            assertEquals(two, Branch.tip(repository, BRANCH));
            sound(directory);
        }
    }

    @Test
    void packsThatAreMergedStayWhole() throws Exception {
        Path directory = root.resolve("r.git");
        ObjectId tip = ObjectId.zeroId();
        try (Repository repository = repository(directory)) {
            ObjectDirectory objects = BareRepository.objects(repository);
            try (Upkeep upkeep = new Upkeep(objects);
                    WriteAhead ahead = WriteAhead.open(repository, objects, BRANCH, upkeep)) {
                for (int round = 0; round < 4; round++) {
                    for (int i = 0; i < 5; i++) {
                        tip = commit(ahead, tip, round + "-" + i);
                        ahead.publish();
                    }
                    tip = commit(ahead, tip, round + "-held");
                    upkeep.merge();
                    assertEquals(tip, started(copy(directory, "round-" + round)));
                }
                ahead.settle();
                assertEquals(1, files(directory.resolve(WriteAhead.FOLDER)).size());
            }
            assertFalse(Files.exists(directory.resolve("refs/heads/main.lock")));
        }
        assertEquals(tip, started(directory));
    }

    private static List<Path> packs(Path directory) throws IOException {
        return files(directory.resolve("objects/pack")).stream()
                .filter(file -> file.toString().endsWith(".pack"))
                .toList();
    }

    private static Path index(Path pack) {
        return Path.of(pack.toString().replaceFirst("pack$", "idx"));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new ArrayList<>(files.sorted().toList());
        }
    }

    private static Path newest(Path directory) throws IOException {
        return files(directory.resolve(WriteAhead.FOLDER)).getLast();
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
