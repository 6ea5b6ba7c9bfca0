package dev.shiplog.source.jgit;

import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A folder as Git stores it: {@code mode name NUL id}, one after the other, in the order of names
 * in which a folder's name ends with a slash (git-scm.com, "Git Internals - Git Objects"), and
 * where each entry begins. Immutable. A name is found in the logarithm of the folder's size; a
 * change copies the folder, and costs nothing of what lies in it.
 */
final class TreeBytes {
    /** An empty folder; Git keeps none but the root. */
    static final TreeBytes EMPTY = new TreeBytes(new byte[0], new int[0]);

    private final byte[] bytes;
    private final int[] starts;

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

    private TreeBytes(byte[] bytes, int[] starts) {
        this.bytes = bytes;
        this.starts = starts;
    }

    /** Reads a folder as it is stored. The caller never writes to the array again. */
    static TreeBytes of(byte[] bytes) {
        int[] starts = new int[16];
        int count = 0;
        for (int at = 0; at < bytes.length; count++) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, 2 * count);
            }
            starts[count] = at;
            at = end(nul(bytes, at));
        }
        return new TreeBytes(bytes, Arrays.copyOf(starts, count));
    }

    /** As Git stores it. Shared, not copied: never write to it. */
    byte[] bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return starts.length == 0;
    }

    /** What has a name, a file or a folder. */
    Optional<Entry> find(String name) {
        int index = indexOf(name);
        return index < 0 ? Optional.empty() : Optional.of(entry(index));
    }

    /** The tree with an entry, of a name that it has not. */
    TreeBytes with(String name, FileMode mode, ObjectId id) {
        int index = -1 - search(sortName(name, mode.equals(FileMode.TREE.getBits())));
        if (index < 0) {
            throw new IllegalArgumentException("expected a new name, found " + name);
        }
        byte[] head =
                (Integer.toOctalString(mode.getBits()) + " " + name + "\0")
                        .getBytes(StandardCharsets.UTF_8);
        int at = index < starts.length ? starts[index] : bytes.length;
        int length = head.length + Constants.OBJECT_ID_LENGTH;
        byte[] result = new byte[bytes.length + length];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(head, 0, result, at, head.length);
        id.copyRawTo(result, at + head.length);
        System.arraycopy(bytes, at, result, at + length, bytes.length - at);
        int[] places = new int[starts.length + 1];
        System.arraycopy(starts, 0, places, 0, index);
        places[index] = at;
        for (int i = index; i < starts.length; i++) {
            places[i + 1] = starts[i] + length;
        }
        return new TreeBytes(result, places);
    }

    /** The tree without an entry; the same one if it has none of that name. */
    TreeBytes without(String name) {
        int index = indexOf(name);
        if (index < 0) {
            return this;
        }
        Entry entry = entry(index);
        int length = entry.end() - entry.start();
        byte[] result = new byte[bytes.length - length];
        System.arraycopy(bytes, 0, result, 0, entry.start());
        System.arraycopy(bytes, entry.end(), result, entry.start(), bytes.length - entry.end());
        int[] places = new int[starts.length - 1];
        System.arraycopy(starts, 0, places, 0, index);
        for (int i = index; i < places.length; i++) {
            places[i] = starts[i + 1] - length;
        }
        return new TreeBytes(result, places);
    }

    private Entry entry(int index) {
        int start = starts[index];
        int space = space(bytes, start);
        int nul = nul(bytes, start);
        return new Entry(
                start, end(nul), mode(bytes, start, space), ObjectId.fromRaw(bytes, nul + 1));
    }

    private int indexOf(String name) {
        int file = search(sortName(name, false));
        return file >= 0 ? file : search(sortName(name, true));
    }

    private static byte[] sortName(String name, boolean folder) {
        return (folder ? name + "/" : name).getBytes(StandardCharsets.UTF_8);
    }

    /** The index of an entry; as {@link Arrays#binarySearch} if there is none. */
    private int search(byte[] sortName) {
        int low = 0;
        int high = starts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(starts[middle], sortName);
            if (order < 0) {
                low = middle + 1;
            } else if (order > 0) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -1 - low;
    }

    /** Names are compared as unsigned bytes, those of folders with a slash. */
    private int compare(int start, byte[] other) {
        int space = space(bytes, start);
        int nul = nul(bytes, start);
        boolean folder = (mode(bytes, start, space) & FileMode.TYPE_MASK) == FileMode.TYPE_TREE;
        int from = space + 1;
        int common = Math.min(nul - from, other.length);
        int order = Arrays.compareUnsigned(bytes, from, from + common, other, 0, common);
        if (order != 0) {
            return order;
        }
        int length = nul - from + (folder ? 1 : 0);
        if (folder && common == nul - from && other.length > common) {
            int next = Integer.compare('/', other[common] & 0xff);
            return next != 0 ? next : Integer.compare(length, other.length);
        }
        return Integer.compare(length, other.length);
    }

    private static int mode(byte[] tree, int from, int to) {
        int mode = 0;
        for (int i = from; i < to; i++) {
            mode = (mode << 3) + tree[i] - '0';
        }
        return mode;
    }

    private static int space(byte[] tree, int start) {
        return indexOf(tree, start, (byte) ' ');
    }

    private static int nul(byte[] tree, int start) {
        return indexOf(tree, space(tree, start) + 1, (byte) 0);
    }

    private static int end(int nul) {
        return nul + 1 + Constants.OBJECT_ID_LENGTH;
    }

    private static int indexOf(byte[] tree, int from, byte wanted) {
        int at = from;
        while (tree[at] != wanted) {
            at++;
        }
        return at;
    }
}
