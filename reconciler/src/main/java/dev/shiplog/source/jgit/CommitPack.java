package dev.shiplog.source.jgit;

import org.eclipse.jgit.internal.storage.file.BasePackIndexWriter;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.PackedObjectInfo;
import org.eclipse.jgit.util.NB;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The objects of a batch of commits as one pack, in Git's format (git-scm.com/docs/gitformat-pack,
 * version 2). A folder that changes again and again is kept as differences, so that a thousand
 * commits to one folder cost the change and not the folder.
 *
 * <p>Invariant: when {@link #write} returns, the pack and its index are durable, and readers of the
 * repository see them. What is {@link #packed} is nowhere yet.
 */
final class CommitPack {
    /** A longer chain of differences makes its end slow to read. */
    static final int MAX_CHAIN = 50;

    /**
     * Larger objects are stored and not deflated: a folder is mostly hashes; packing comes later.
     */
    private static final int STORED_BYTES = 8 << 10;

    private static final int CHECKSUM_BYTES = 20;
    private static final int OFS_DELTA = 6;
    private static final int MAX_INSERT = 127;

    /** Compared at once: long folders differ in one place. */
    private static final int BLOCK_BYTES = 512;

    /**
     * An object that is to be stored.
     *
     * @param base the index of the object that this is stored as a difference to; -1 for none
     * @param chain how many differences lead to it
     */
    private record Item(int type, ObjectId id, byte[] bytes, int base, int chain) {}

    private final List<Item> items = new ArrayList<>();
    private final Map<ObjectId, Integer> indexes = new HashMap<>();
    private final Packing packing;
    private long bytes;

    CommitPack() {
        this(new Packing());
    }

    /**
     * @param packing for one pack at a time
     */
    CommitPack(Packing packing) {
        this.packing = packing;
    }

    int size() {
        return items.size();
    }

    /** What the objects take in memory, in bytes. */
    long bytes() {
        return bytes;
    }

    /** Forgets what was added since the pack had that size. */
    void truncate(int size) {
        while (items.size() > size) {
            Item last = items.removeLast();
            indexes.remove(last.id());
            bytes -= last.bytes().length;
        }
    }

    ObjectId add(int type, byte[] bytes) {
        ObjectId id = id(type, bytes);
        add(type, id, bytes, -1);
        return id;
    }

    /** Adds a tree that came of another one. */
    ObjectId addTree(byte[] bytes, ObjectId before) {
        ObjectId id = id(Constants.OBJ_TREE, bytes);
        add(Constants.OBJ_TREE, id, bytes, indexes.getOrDefault(before, -1));
        return id;
    }

    private void add(int type, ObjectId id, byte[] bytes, int base) {
        if (indexes.putIfAbsent(id, items.size()) == null) {
            int chain = base < 0 ? 0 : items.get(base).chain() + 1;
            boolean whole = base < 0 || chain > MAX_CHAIN;
            this.bytes += bytes.length;
            items.add(new Item(type, id, bytes, whole ? -1 : base, whole ? 0 : chain));
        }
    }

    /** The name of an object. */
    static ObjectId id(int type, byte[] bytes) {
        MessageDigest sha1 = sha1();
        sha1.update(
                (Constants.typeString(type) + " " + bytes.length + "\0")
                        .getBytes(StandardCharsets.UTF_8));
        return ObjectId.fromRaw(sha1.digest(bytes));
    }

    static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Stores the objects: they are durable when this returns, and readers see them. */
    void write(ObjectDirectory objects) throws IOException {
        Packed packed = packed();
        Path folder = objects.getPackDirectory().toPath();
        Files.createDirectories(folder);
        packed.writeDurably(folder);
        objects.openPack(folder.resolve(packed.name() + ".pack").toFile());
    }

    /** The pack and its index, as they are to be stored. */
    Packed packed() throws IOException {
        List<PackedObjectInfo> infos = new ArrayList<>(items.size());
        byte[] pack = pack(infos);
        infos.sort(null);
        ByteArrayOutputStream index = new ByteArrayOutputStream();
        BasePackIndexWriter.createVersion(index, 2)
                .write(infos, Arrays.copyOfRange(pack, pack.length - CHECKSUM_BYTES, pack.length));
        return new Packed(pack, index.toByteArray());
    }

    /** A pack and its index. */
    record Packed(byte[] pack, byte[] index) {
        /** What their files are called, without the endings: by the checksum of the pack. */
        String name() {
            return "pack-"
                    + HexFormat.of().formatHex(pack, pack.length - CHECKSUM_BYTES, pack.length);
        }

        /** Writes both without waiting for the disk; readers see them when this returns. */
        void write(ObjectDirectory objects) throws IOException {
            Path folder = objects.getPackDirectory().toPath();
            Files.createDirectories(folder);
            Files.write(draft(folder, ".pack"), pack);
            Files.write(draft(folder, ".idx"), index);
            objects.openPack(named(folder).toFile());
        }

        /** Writes both; they are durable when this returns. */
        void writeDurably(Path folder) throws IOException {
            Durable.write(draft(folder, ".pack"), pack, draft(folder, ".idx"), index);
            Path _ = named(folder);
            Durable.folder(folder);
        }

        private Path draft(Path folder, String ending) {
            return folder.resolve(name() + ending + ".tmp");
        }

        private Path named(Path folder) throws IOException {
            return CommitPack.named(folder, name(), draft(folder, ".pack"), draft(folder, ".idx"));
        }
    }

    /** Gives a pack and its index the names by which readers find them. */
    static void publish(ObjectDirectory objects, byte[] checksum, Path pack, Path index)
            throws IOException {
        Path folder = objects.getPackDirectory().toPath();
        String name = "pack-" + HexFormat.of().formatHex(checksum);
        objects.openPack(named(folder, name, pack, index).toFile());
    }

    /** A pack is found by its index, which comes last. */
    private static Path named(Path folder, String name, Path pack, Path index) throws IOException {
        Path named = folder.resolve(name + ".pack");
        Files.move(pack, named, StandardCopyOption.ATOMIC_MOVE);
        Files.move(index, folder.resolve(name + ".idx"), StandardCopyOption.ATOMIC_MOVE);
        return named;
    }

    private byte[] pack(List<PackedObjectInfo> infos) throws IOException {
        Buffer out = new Buffer(expectedBytes());
        byte[] header = new byte[12];
        System.arraycopy(Constants.PACK_SIGNATURE, 0, header, 0, 4);
        NB.encodeInt32(header, 4, 2);
        NB.encodeInt32(header, 8, items.size());
        out.write(header);
        long[] offsets = new long[items.size()];
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            int start = out.size();
            offsets[i] = start;
            entry(item, offsets, start, out);
            PackedObjectInfo info = new PackedObjectInfo(item.id());
            info.setOffset(start);
            info.setCRC((int) out.crc(start));
            info.setType(item.type());
            infos.add(info);
        }
        out.write(out.sha1());
        return out.toByteArray();
    }

    /** Somewhat more than the pack will take: a folder that is stored whole is not small. */
    private int expectedBytes() {
        long expected = 64;
        for (Item item : items) {
            expected += item.base() < 0 ? item.bytes().length + 64L : 128;
        }
        return (int) Math.min(expected, Integer.MAX_VALUE / 2);
    }

    /** What is written, without a copy of it. */
    private static final class Buffer extends ByteArrayOutputStream {
        Buffer(int size) {
            super(size);
        }

        long crc(int from) {
            CRC32 crc = new CRC32();
            crc.update(buf, from, count - from);
            return crc.getValue();
        }

        byte[] sha1() {
            MessageDigest sha1 = CommitPack.sha1();
            sha1.update(buf, 0, count);
            return sha1.digest();
        }
    }

    private void entry(Item item, long[] offsets, long at, ByteArrayOutputStream out) {
        byte[] data = item.bytes();
        int type = item.type();
        if (item.base() >= 0) {
            data = delta(items.get(item.base()).bytes(), item.bytes());
            type = OFS_DELTA;
        }
        typeAndSize(out, type, data.length);
        if (item.base() >= 0) {
            back(out, at - offsets[item.base()]);
        }
        packing.deflate(data, data.length <= STORED_BYTES, out);
    }

    static void typeAndSize(ByteArrayOutputStream out, int type, long size) {
        long rest = size >>> 4;
        out.write((rest > 0 ? 0x80 : 0) | (type << 4) | (int) (size & 0x0f));
        while (rest > 0) {
            out.write((rest > 0x7f ? 0x80 : 0) | (int) (rest & 0x7f));
            rest >>>= 7;
        }
    }

    /** How far back the base stands. */
    static void back(ByteArrayOutputStream out, long distance) {
        byte[] reversed = new byte[10];
        int n = 0;
        long rest = distance;
        reversed[n++] = (byte) (rest & 0x7f);
        while ((rest >>>= 7) > 0) {
            rest--;
            reversed[n++] = (byte) (0x80 | (rest & 0x7f));
        }
        while (n > 0) {
            out.write(reversed[--n]);
        }
    }

    /** What two texts begin and end with is copied, what stands between is inserted. */
    static byte[] delta(byte[] from, byte[] to) {
        int limit = Math.min(from.length, to.length);
        int mismatch = Arrays.mismatch(from, to);
        int prefix = mismatch < 0 ? limit : Math.min(mismatch, limit);
        int suffix = commonEnd(from, to, limit - prefix);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        size(out, from.length);
        size(out, to.length);
        copy(out, 0, prefix);
        for (int at = prefix; at < to.length - suffix; ) {
            int n = Math.min(MAX_INSERT, to.length - suffix - at);
            out.write(n);
            out.write(to, at, n);
            at += n;
        }
        copy(out, from.length - suffix, suffix);
        return out.toByteArray();
    }

    /** How many bytes two texts have in common at their ends, at most so many. */
    static int commonEnd(byte[] from, byte[] to, int limit) {
        int common = 0;
        while (common + BLOCK_BYTES <= limit
                && Arrays.equals(
                        from,
                        from.length - common - BLOCK_BYTES,
                        from.length - common,
                        to,
                        to.length - common - BLOCK_BYTES,
                        to.length - common)) {
            common += BLOCK_BYTES;
        }
        while (common < limit && from[from.length - 1 - common] == to[to.length - 1 - common]) {
            common++;
        }
        return common;
    }

    private static void size(ByteArrayOutputStream out, int size) {
        int rest = size;
        while (rest > 0x7f) {
            out.write(0x80 | (rest & 0x7f));
            rest >>>= 7;
        }
        out.write(rest);
    }

    private static void copy(ByteArrayOutputStream out, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            // A size of 0x10000 has a meaning of its own.
            int n = Math.min(left, 0xffff);
            int command = 0x80;
            byte[] arguments = new byte[7];
            int count = 0;
            for (int i = 0; i < 4; i++) {
                int value = (at >>> (8 * i)) & 0xff;
                if (value != 0) {
                    command |= 1 << i;
                    arguments[count++] = (byte) value;
                }
            }
            for (int i = 0; i < 3; i++) {
                int value = (n >>> (8 * i)) & 0xff;
                if (value != 0) {
                    command |= 0x10 << i;
                    arguments[count++] = (byte) value;
                }
            }
            out.write(command);
            out.write(arguments, 0, count);
            at += n;
            left -= n;
        }
    }
}
