package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Packs of our own making, read by JGit and by Git. */
class CommitPackTest {
    @TempDir Path root;

    @Test
    void whatIsPackedIsReadBack() throws Exception {
        Random random = new Random(7);
        try (Repository repository =
                BareRepository.open(root.resolve("r.git"), "main", Optional.empty())) {
            ObjectDirectory objects = BareRepository.objects(repository);
            Map<ObjectId, byte[]> expected = new LinkedHashMap<>();
            CommitPack pack = new CommitPack();
            TreeBytes tree = TreeBytes.EMPTY;
            ObjectId before = ObjectId.zeroId();
            byte[] bytesBefore = new byte[0];
            for (int i = 0; i < 400; i++) {
                byte[] blob = new byte[random.nextInt(i % 50 == 0 ? 100_000 : 300)];
                random.nextBytes(blob);
                ObjectId id = pack.addFile(blob);
                expected.put(id, blob);
                tree = tree.with("file-" + i * 7 % 400, FileMode.REGULAR_FILE, id);
                before = pack.addTree(tree.bytes(), before, bytesBefore);
                bytesBefore = tree.bytes();
                expected.put(before, tree.bytes());
            }
            pack.write(objects);

            assertRead(repository, expected);
            git("fsck", "--strict");
        }
    }

    /** A repository whose last file goes, and another comes: JGit reads what Git does not. */
    @Test
    void aFolderThatBecomesEmptyIsReadByGit() throws Exception {
        try (Repository repository =
                BareRepository.open(root.resolve("r.git"), "main", Optional.empty())) {
            CommitPack pack = new CommitPack();
            ObjectId file = pack.addFile(new byte[] {1});
            TreeBytes one = TreeBytes.EMPTY.with("one", FileMode.REGULAR_FILE, file);
            ObjectId before = addWhole(pack, one);
            ObjectId empty = pack.addTree(new byte[0], before, one.bytes());
            TreeBytes two = TreeBytes.EMPTY.with("two", FileMode.REGULAR_FILE, file);
            ObjectId after = pack.addTree(two.bytes(), empty, new byte[0]);
            pack.write(BareRepository.objects(repository));
            assertEquals("", git("ls-tree", empty.name()));
            assertTrue(git("ls-tree", after.name()).endsWith("two"));
            git("fsck", "--strict", "--full");
        }
    }

    @Test
    void treesAreInGitsOrder() throws Exception {
        TreeBytes tree = TreeBytes.EMPTY;
        ObjectId id = CommitPack.id(Constants.OBJ_BLOB, new byte[0]);
        for (String name : new String[] {"b", "a.b", "a-b", "a0", "ä", "A"}) {
            tree = tree.with(name, FileMode.REGULAR_FILE, id);
        }
        ObjectId folder = CommitPack.id(Constants.OBJ_TREE, TreeBytes.EMPTY.bytes());
        tree = tree.with("a", FileMode.TREE, folder);
        try (Repository repository =
                BareRepository.open(root.resolve("r.git"), "main", Optional.empty())) {
            CommitPack pack = new CommitPack();
            pack.addFile(new byte[0]);
            addWhole(pack, TreeBytes.EMPTY);
            ObjectId named = addWhole(pack, tree);
            pack.write(BareRepository.objects(repository));
            // A folder is sorted as if its name ended with a slash: behind "a-b" and "a.b".
            assertEquals(
                    "A a-b a.b a a0 b ä",
                    git("-c", "core.quotePath=false", "ls-tree", "--name-only", named.name())
                            .strip()
                            .replace('\n', ' '));
            git("fsck", "--strict");
        }
        assertArrayEquals(
                TreeBytes.EMPTY.bytes(),
                TreeBytes.EMPTY.with("x", FileMode.TREE, id).without("x").bytes());
    }

    @Test
    void mergingKeepsEveryObjectInFewPacks() throws Exception {
        try (Repository repository =
                BareRepository.open(root.resolve("r.git"), "main", Optional.empty())) {
            ObjectDirectory objects = BareRepository.objects(repository);
            Map<ObjectId, byte[]> expected = new LinkedHashMap<>();
            TreeBytes tree = TreeBytes.EMPTY;
            for (int i = 0; i < Upkeep.MAX_SMALL_PACKS + 8; i++) {
                CommitPack pack = new CommitPack();
                byte[] blob = ("blob " + i).getBytes(StandardCharsets.UTF_8);
                ObjectId id = pack.addFile(blob);
                tree = tree.with("file-" + i, FileMode.REGULAR_FILE, id);
                expected.put(id, blob);
                expected.put(addWhole(pack, tree), tree.bytes());
                pack.write(objects);
            }
            Upkeep upkeep = new Upkeep(objects);

            upkeep.merge();
            assertEquals(Upkeep.MAX_SMALL_PACKS + 9, packs());
            assertRead(repository, expected);
            upkeep.merge();
            assertEquals(1, packs());
            assertRead(repository, expected);
            git("fsck", "--strict");
        }
    }

    @Test
    void foldersOfManyPacksAreMergedToDifferencesInShortChains() throws Exception {
        try (Repository repository =
                BareRepository.open(root.resolve("r.git"), "main", Optional.empty())) {
            ObjectDirectory objects = BareRepository.objects(repository);
            Map<ObjectId, byte[]> expected = new LinkedHashMap<>();
            TreeBytes tree = TreeBytes.EMPTY;
            ObjectId before = ObjectId.zeroId();
            byte[] bytesBefore = new byte[0];
            for (int i = 0; i < 60; i++) {
                CommitPack pack = new CommitPack();
                // One object that every pack brings anew.
                pack.addFile(new byte[] {1});
                for (int n = 0; n < 4; n++) {
                    byte[] blob = ("blob " + i + " " + n).getBytes(StandardCharsets.UTF_8);
                    ObjectId id = pack.addFile(blob);
                    String name = "file-" + n + "-" + i;
                    tree = tree.with(name, FileMode.REGULAR_FILE, id);
                    expected.put(id, blob);
                    before = pack.addTree(tree.bytes(), before, bytesBefore);
                    bytesBefore = tree.bytes();
                    expected.put(before, tree.bytes());
                }
                pack.write(objects);
            }
            long separate = bytesOfPacks();
            Upkeep upkeep = new Upkeep(objects);

            upkeep.merge();
            upkeep.merge();
            assertEquals(1, packs());
            assertRead(repository, expected);
            git("fsck", "--strict");
            assertTrue(bytesOfPacks() < separate / 5, separate + " " + bytesOfPacks());
            // A line is: id, type, sizes, offset, and for a difference the chain's length and base.
            String index;
            try (Stream<Path> files = Files.list(root.resolve("r.git/objects/pack"))) {
                index =
                        files.map(Path::toString)
                                .filter(file -> file.endsWith(".idx"))
                                .findFirst()
                                .orElseThrow();
            }
            int longest =
                    git("verify-pack", "-v", index)
                            .lines()
                            .map(line -> line.split(" +", -1))
                            .filter(words -> words.length == 7)
                            .mapToInt(words -> Integer.parseInt(words[5]))
                            .max()
                            .orElseThrow();
            assertTrue(longest > 10 && longest <= CommitPack.MAX_CHAIN, "chain of " + longest);
        }
    }

    private static ObjectId addWhole(CommitPack pack, TreeBytes tree) {
        return pack.addTree(tree.bytes(), ObjectId.zeroId(), new byte[0]);
    }

    private long bytesOfPacks() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("r.git/objects/pack"))) {
            return files.filter(file -> file.toString().endsWith(".pack"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private long packs() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("r.git/objects/pack"))) {
            return files.filter(file -> file.toString().endsWith(".pack")).count();
        }
    }

    private static void assertRead(Repository repository, Map<ObjectId, byte[]> expected)
            throws IOException {
        try (ObjectReader reader = repository.newObjectReader()) {
            for (Map.Entry<ObjectId, byte[]> object : expected.entrySet()) {
                assertTrue(
                        Arrays.equals(object.getValue(), reader.open(object.getKey()).getBytes()),
                        object.getKey().name());
            }
        }
    }

    private String git(String... arguments) throws Exception {
        return new GitCommand(root, root.resolve("r.git"))
                .git(arguments)
                .lines()
                .filter(line -> !line.startsWith("warning: "))
                .collect(Collectors.joining("\n"));
    }
}
