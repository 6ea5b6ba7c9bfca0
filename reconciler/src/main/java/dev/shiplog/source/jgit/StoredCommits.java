package dev.shiplog.source.jgit;

import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.source.CommitFiles;
import dev.shiplog.source.FileChange;
import dev.shiplog.source.FileEntry;

import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.ignore.IgnoreNode;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The commits of a JGit repository. May be used by several threads. */
final class StoredCommits implements CommitFiles {
    /** Bytes of an ignore file that are read. */
    private static final int MAX_IGNORE_BYTES = 64 << 10;

    private final Repository repository;

    StoredCommits(Repository repository) {
        this.repository = repository;
    }

    @Override
    public boolean holds(CommitId commit) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            walk.parseTree(walk.parseCommit(id(commit)).getTree());
            return true;
        } catch (MissingObjectException | IncorrectObjectTypeException _) {
            return false;
        }
    }

    @Override
    public CommitInfo info(CommitId commit) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            return info(walk.parseCommit(id(commit)));
        }
    }

    static CommitInfo info(RevCommit commit) {
        PersonIdent author = commit.getAuthorIdent();
        return new CommitInfo(
                author.getName(),
                author.getEmailAddress(),
                author.getWhenAsInstant(),
                commit.getFullMessage());
    }

    @Override
    public List<FileEntry> files(CommitId commit, String folder) throws IOException {
        List<FileEntry> files = new ArrayList<>();
        try (ObjectReader reader = repository.newObjectReader();
                TreeWalk walk = new TreeWalk(repository, reader)) {
            walk.addTree(tree(reader, commit));
            walk.setRecursive(true);
            walk.setFilter(under(folder));
            while (walk.next()) {
                entry(walk, 0).ifPresent(files::add);
            }
        }
        return files;
    }

    @Override
    public List<FileChange> changes(CommitId before, CommitId after, String folder)
            throws IOException {
        List<FileChange> changes = new ArrayList<>();
        try (ObjectReader reader = repository.newObjectReader();
                TreeWalk walk = new TreeWalk(repository, reader)) {
            walk.addTree(tree(reader, before));
            walk.addTree(tree(reader, after));
            walk.setRecursive(true);
            walk.setFilter(
                    folder.isEmpty()
                            ? TreeFilter.ANY_DIFF
                            : AndTreeFilter.create(under(folder), TreeFilter.ANY_DIFF));
            while (walk.next()) {
                Optional<FileEntry> was = entry(walk, 0);
                Optional<FileEntry> is = entry(walk, 1);
                if (was.isPresent() || is.isPresent()) {
                    changes.add(new FileChange(was, is));
                }
            }
        }
        return changes;
    }

    @Override
    public long size(FileEntry file) throws IOException {
        try (ObjectReader reader = repository.newObjectReader()) {
            return reader.getObjectSize(ObjectId.fromString(file.blob()), Constants.OBJ_BLOB);
        }
    }

    @Override
    public byte[] read(FileEntry file) throws IOException {
        try (ObjectReader reader = repository.newObjectReader()) {
            return reader.open(ObjectId.fromString(file.blob()), Constants.OBJ_BLOB).getBytes();
        }
    }

    @Override
    public IgnoreRules ignoreRules(CommitId commit, String folder) throws IOException {
        String path = folder.isEmpty() ? ".shiplogignore" : folder + "/.shiplogignore";
        try (ObjectReader reader = repository.newObjectReader();
                TreeWalk walk = TreeWalk.forPath(reader, path, tree(reader, commit))) {
            if (walk == null || !isRegular(walk, 0)) {
                return IgnoreRules.NONE;
            }
            byte[] content =
                    reader.open(walk.getObjectId(0), Constants.OBJ_BLOB)
                            .getCachedBytes(MAX_IGNORE_BYTES);
            return rules(path, content);
        }
    }

    /** The rules that an ignore file holds. */
    static IgnoreRules rules(String path, byte[] content) {
        IgnoreNode rules = new IgnoreNode();
        try {
            rules.parse(path, new ByteArrayInputStream(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file -> ignored(rules, file);
    }

    /** As Git has it: what lies in an ignored folder is ignored, whatever later rules say. */
    private static boolean ignored(IgnoreNode rules, String file) {
        for (int slash = file.indexOf('/'); slash >= 0; slash = file.indexOf('/', slash + 1)) {
            if (Boolean.TRUE.equals(rules.checkIgnored(file.substring(0, slash), true))) {
                return true;
            }
        }
        return Boolean.TRUE.equals(rules.checkIgnored(file, false));
    }

    /** The commit id in JGit's form. */
    static ObjectId id(CommitId commit) {
        return ObjectId.fromString(commit.value());
    }

    private RevTree tree(ObjectReader reader, CommitId commit) throws IOException {
        try (RevWalk walk = new RevWalk(reader)) {
            return walk.parseTree(walk.parseCommit(id(commit)).getTree());
        }
    }

    private static TreeFilter under(String folder) {
        return folder.isEmpty() ? TreeFilter.ALL : PathFilter.create(folder);
    }

    private static boolean isRegular(TreeWalk walk, int tree) {
        return (walk.getRawMode(tree) & FileMode.TYPE_MASK) == FileMode.TYPE_FILE;
    }

    /** Empty for what is no file: a folder, or nothing at all on that side. */
    private static Optional<FileEntry> entry(TreeWalk walk, int tree) {
        return switch (walk.getRawMode(tree) & FileMode.TYPE_MASK) {
            case FileMode.TYPE_FILE -> Optional.of(entry(walk, tree, FileEntry.Type.REGULAR));
            case FileMode.TYPE_SYMLINK -> Optional.of(entry(walk, tree, FileEntry.Type.SYMLINK));
            case FileMode.TYPE_GITLINK -> Optional.of(entry(walk, tree, FileEntry.Type.SUBMODULE));
            default -> Optional.empty();
        };
    }

    private static FileEntry entry(TreeWalk walk, int tree, FileEntry.Type type) {
        return new FileEntry(walk.getPathString(), walk.getObjectId(tree).name(), type);
    }
}
