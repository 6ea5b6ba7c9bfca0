package dev.shiplog.source.jgit;

import dev.shiplog.resource.CommitId;
import dev.shiplog.source.Author;
import dev.shiplog.source.CommitFiles;
import dev.shiplog.source.WorkingFiles;

import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Makes commits that follow a tip, in memory: their folders are changed where a file changes, so
 * that a commit costs the folders on its path. They are made into a pack, which whoever owns it
 * stores.
 *
 * <p>Used by one thread. Folders are remembered from one batch to the next while nobody else moves
 * the branch.
 *
 * <p>Invariant: every folder that the pack has and the repository has not is remembered. So whoever
 * lets it forget ({@link #begin} at a tip that it does not {@link #follows follow}, {@link
 * #forget}) sees to it that the repository has what the pack has.
 */
final class Workbench implements WorkingFiles {
    /** Folders that are remembered; then all are forgotten. */
    private static final int MAX_FOLDERS = 1_000;

    private final Repository repository;
    private final CommitPack pack;
    private final Map<String, Folder> folders = new HashMap<>();
    private final Map<String, Optional<CommitFiles.IgnoreRules>> rules = new HashMap<>();
    private ObjectId tip = ObjectId.zeroId();

    /**
     * A folder.
     *
     * @param tree as it is now
     * @param id its name when it last had one; the zero id if it never had
     * @param named as it was then
     */
    private record Folder(TreeBytes tree, ObjectId id, TreeBytes named) {
        static final Folder NONE = new Folder(TreeBytes.EMPTY, ObjectId.zeroId(), TreeBytes.EMPTY);

        static Folder named(TreeBytes tree, ObjectId id) {
            return new Folder(tree, id, tree);
        }

        Folder with(TreeBytes changed) {
            return new Folder(changed, id, named);
        }
    }

    /** What to go back to. */
    record Mark(Map<String, Folder> folders, ObjectId tip, int objects) {}

    /**
     * @param pack what commits are made into
     */
    Workbench(Repository repository, CommitPack pack) {
        this.repository = repository;
        this.pack = pack;
    }

    /** Whether it remembers the folders of a commit, so that it begins there without reading. */
    boolean follows(ObjectId at) {
        return at.equals(tip) && !folders.isEmpty() && folders.size() <= MAX_FOLDERS;
    }

    /** Begins a batch at a tip; the zero id if there is no commit yet. */
    void begin(ObjectId at) throws IOException {
        if (follows(at)) {
            return;
        }
        tip = at;
        folders.clear();
        rules.clear();
        if (at.equals(ObjectId.zeroId())) {
            folders.put("", Folder.NONE);
            return;
        }
        try (RevWalk walk = new RevWalk(repository)) {
            ObjectId root = walk.parseCommit(at).getTree().getId();
            folders.put("", Folder.named(TreeBytes.of(bytes(root, Constants.OBJ_TREE)), root));
        }
    }

    ObjectId tip() {
        return tip;
    }

    /** What the repository holds with the newest commit of the batch. */
    ObjectId tree() {
        return known("").id();
    }

    Mark mark() {
        return new Mark(new HashMap<>(folders), tip, pack.size());
    }

    void reset(Mark mark) {
        folders.clear();
        folders.putAll(mark.folders());
        tip = mark.tip();
        pack.truncate(mark.objects());
    }

    /** Forgets everything, so that the next batch reads the repository. */
    void forget() {
        folders.clear();
        rules.clear();
        tip = ObjectId.zeroId();
    }

    /** Adds a commit to the batch. */
    CommitId commit(
            SortedMap<String, Optional<byte[]>> files,
            Author author,
            String message,
            PersonIdent committer)
            throws IOException {
        TreeSet<String> changed =
                new TreeSet<>(
                        Comparator.comparingInt(Workbench::depth)
                                .reversed()
                                .thenComparing(Comparator.naturalOrder()));
        for (Map.Entry<String, Optional<byte[]>> file : files.entrySet()) {
            set(file.getKey(), file.getValue(), changed);
        }
        changed.add("");
        while (!changed.isEmpty()) {
            close(changed.removeFirst(), changed);
        }
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(known("").id());
        if (!tip.equals(ObjectId.zeroId())) {
            commit.setParentId(tip);
        }
        commit.setAuthor(
                new PersonIdent(
                        author.name(),
                        author.email(),
                        committer.getWhenAsInstant(),
                        ZoneOffset.UTC));
        commit.setCommitter(committer);
        commit.setMessage(message);
        tip = pack.addCommit(commit.build());
        return new CommitId(tip.name());
    }

    static PersonIdent committer(Instant when) {
        return new PersonIdent("Shiplog", "shiplog@localhost", when, ZoneOffset.UTC);
    }

    private static int depth(String folder) {
        return folder.isEmpty() ? 0 : 1 + (int) folder.chars().filter(c -> c == '/').count();
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void set(String path, Optional<byte[]> content, NavigableSet<String> changed)
            throws IOException {
        String folder = parent(path);
        Folder now = folder(folder).orElse(Folder.NONE);
        TreeBytes tree = now.tree().without(name(path));
        if (content.isPresent()) {
            ObjectId blob = pack.addFile(content.get());
            boolean executable =
                    now.tree()
                            .find(name(path))
                            .filter(e -> FileMode.EXECUTABLE_FILE.equals(e.mode()))
                            .isPresent();
            tree =
                    tree.with(
                            name(path),
                            executable ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE,
                            blob);
        }
        folders.put(folder, now.with(tree));
        changed.add(folder);
        if (path.endsWith(".shiplogignore")) {
            rules.clear();
        }
    }

    /** Names a changed folder, and enters it in the one around it. */
    private void close(String folder, NavigableSet<String> changed) throws IOException {
        Folder now = known(folder);
        ObjectId id =
                now.tree().isEmpty() && !folder.isEmpty()
                        ? ObjectId.zeroId()
                        : pack.addTree(now.tree().bytes(), now.id(), now.named().bytes());
        folders.put(folder, Folder.named(now.tree(), id));
        if (folder.isEmpty()) {
            return;
        }
        String outer = parent(folder);
        Folder around = folder(outer).orElse(Folder.NONE);
        TreeBytes rest = around.tree().without(name(folder));
        TreeBytes tree =
                id.equals(ObjectId.zeroId()) ? rest : rest.with(name(folder), FileMode.TREE, id);
        if (id.equals(ObjectId.zeroId())) {
            folders.remove(folder);
        }
        folders.put(outer, around.with(tree));
        changed.add(outer);
    }

    /** A folder that this batch has looked into. */
    private Folder known(String path) {
        return Optional.ofNullable(folders.get(path))
                .orElseThrow(() -> new IllegalStateException("expected the folder " + path));
    }

    private Optional<Folder> folder(String path) throws IOException {
        Folder known = folders.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<TreeBytes.Entry> entry = entry(path).filter(TreeBytes.Entry::folder);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        ObjectId id = entry.get().id();
        Folder read = Folder.named(TreeBytes.of(bytes(id, Constants.OBJ_TREE)), id);
        folders.put(path, read);
        return Optional.of(read);
    }

    private Optional<TreeBytes.Entry> entry(String path) throws IOException {
        Optional<Folder> around = folder(parent(path));
        return around.flatMap(folder -> folder.tree().find(name(path)));
    }

    private byte[] bytes(ObjectId id, int type) throws IOException {
        try (ObjectReader reader = repository.newObjectReader()) {
            ObjectLoader loader = reader.open(id, type);
            return loader.getCachedBytes(Integer.MAX_VALUE);
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        Optional<TreeBytes.Entry> entry = entry(path).filter(TreeBytes.Entry::file);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        ObjectId blob = entry.get().id();
        Optional<byte[]> fresh = pack.file(blob);
        return fresh.isPresent() ? fresh : Optional.of(bytes(blob, Constants.OBJ_BLOB));
    }

    @Override
    public boolean exists(String path) throws IOException {
        return entry(path).isPresent();
    }

    @Override
    public CommitFiles.IgnoreRules ignoreRules(String folder) throws IOException {
        Optional<CommitFiles.IgnoreRules> known = rules.get(folder);
        if (known == null) {
            String path = folder.isEmpty() ? ".shiplogignore" : folder + "/.shiplogignore";
            known = read(path).map(content -> StoredCommits.rules(path, content));
            rules.put(folder, known);
        }
        return known.orElse(CommitFiles.IgnoreRules.NONE);
    }

    /** What the pack takes in memory, in bytes. */
    long bytes() {
        return pack.bytes();
    }
}
