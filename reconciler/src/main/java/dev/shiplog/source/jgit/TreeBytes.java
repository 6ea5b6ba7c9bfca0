package dev.shiplog.source.jgit;

import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Git's tree objects as they are stored: {@code mode name NUL id}, one after the other, in the
 * order of names in which a folder's name ends with a slash (git-scm.com, "Git Internals - Git
 * Objects"). Costs the size of the folder, never of what lies in it.
 */
final class TreeBytes {
    /** An empty folder; Git keeps none but the root. */
    static final byte[] EMPTY = new byte[0];

    /**
     * An entry of a tree.
     *
     * @param start where it begins
     * @param end behind its id
     */
    record Entry(int start, int end, int mode, ObjectId id) {
        boolean folder() {
            return (mode & FileMode.TYPE_MASK) == FileMode.TYPE_TREE;
        }

        boolean file() {
            return (mode & FileMode.TYPE_MASK) == FileMode.TYPE_FILE;
        }
    }

    private TreeBytes() {}

    static Optional<Entry> find(byte[] tree, String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < tree.length; ) {
            int space = indexOf(tree, at, (byte) ' ');
            int nul = indexOf(tree, space + 1, (byte) 0);
            int end = nul + 1 + Constants.OBJECT_ID_LENGTH;
            if (Arrays.equals(tree, space + 1, nul, wanted, 0, wanted.length)) {
                return Optional.of(
                        new Entry(at, end, mode(tree, at, space), ObjectId.fromRaw(tree, nul + 1)));
            }
            at = end;
        }
        return Optional.empty();
    }

    private static int mode(byte[] tree, int from, int to) {
        int mode = 0;
        for (int i = from; i < to; i++) {
            mode = (mode << 3) + tree[i] - '0';
        }
        return mode;
    }

    private static int indexOf(byte[] tree, int from, byte wanted) {
        int at = from;
        while (tree[at] != wanted) {
            at++;
        }
        return at;
    }

    /** The tree with an entry, of a name that it has not. */
    static byte[] with(byte[] rest, String name, FileMode mode, ObjectId id) {
        byte[] sortName = sortName(name, mode);
        int at = 0;
        while (at < rest.length) {
            int space = indexOf(rest, at, (byte) ' ');
            int nul = indexOf(rest, space + 1, (byte) 0);
            boolean folder = (mode(rest, at, space) & FileMode.TYPE_MASK) == FileMode.TYPE_TREE;
            if (compare(rest, space + 1, nul, folder, sortName) > 0) {
                break;
            }
            at = nul + 1 + Constants.OBJECT_ID_LENGTH;
        }
        byte[] head =
                (Integer.toOctalString(mode.getBits()) + " " + name + "\0")
                        .getBytes(StandardCharsets.UTF_8);
        byte[] result = new byte[rest.length + head.length + Constants.OBJECT_ID_LENGTH];
        System.arraycopy(rest, 0, result, 0, at);
        System.arraycopy(head, 0, result, at, head.length);
        id.copyRawTo(result, at + head.length);
        int behind = at + head.length + Constants.OBJECT_ID_LENGTH;
        System.arraycopy(rest, at, result, behind, rest.length - at);
        return result;
    }

    private static byte[] sortName(String name, FileMode mode) {
        return (mode.equals(FileMode.TREE.getBits()) ? name + "/" : name)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Names are compared as unsigned bytes. */
    private static int compare(byte[] tree, int from, int to, boolean folder, byte[] other) {
        int common = Math.min(to - from, other.length);
        int order = Arrays.compareUnsigned(tree, from, from + common, other, 0, common);
        if (order != 0) {
            return order;
        }
        int next = from + common < to ? tree[from + common] & 0xff : folder ? '/' : 0;
        int otherNext = common < other.length ? other[common] & 0xff : 0;
        return Integer.compare(next, otherNext);
    }

    /** The tree without an entry; the same one if it has none of that name. */
    static byte[] without(byte[] tree, String name) {
        Optional<Entry> entry = find(tree, name);
        if (entry.isEmpty()) {
            return tree;
        }
        int start = entry.get().start();
        int end = entry.get().end();
        byte[] result = new byte[tree.length - (end - start)];
        System.arraycopy(tree, 0, result, 0, start);
        System.arraycopy(tree, end, result, start, tree.length - end);
        return result;
    }
}
