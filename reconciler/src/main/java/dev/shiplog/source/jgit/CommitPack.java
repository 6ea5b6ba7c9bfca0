package dev.shiplog.source.jgit;

import org.eclipse.jgit.internal.storage.file.BasePackIndexWriter;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.PackedObjectInfo;
import org.eclipse.jgit.util.NB;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
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
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.CRC32;

/**
 * The objects of commits, in the order in which they were made, as entries of a pack in Git's
 * format (git-scm.com/docs/gitformat-pack, version 2). A folder that changes again and again is
 * kept as differences, so that a thousand commits to one folder cost the change and not the folder.
 *
 * <p>Two forms come of them: a part as a {@link #thin} pack, which names folders that it does not
 * hold, so that it is as large as the change; and all of it as a pack of the repository ({@link
 * #packed}), which stands alone.
 *
 * <p>Invariant: when {@link #write} returns, the pack and its index are durable, and readers of the
 * repository see them. What is {@link #packed} is nowhere yet. Used by one thread at a time.
 */
final class CommitPack {
    /** A longer chain of differences makes its end slow to read. */
    static final int MAX_CHAIN = 50;

    /**
     * Larger objects are stored and not deflated: a folder is mostly hashes; packing comes later.
     */
    private static final int STORED_BYTES = 8 << 10;

    static final int HEADER_BYTES = 12;
    static final int CHECKSUM_BYTES = 20;
    private static final int REF_DELTA = 7;

    /**
     * An object that is to be stored.
     *
     * @param chain how many differences lead to it within this pack
     * @param thin its entry in a thin pack
     * @param whole its entry in this pack, if the thin one needs what is elsewhere
     * @param content what a file holds; empty for folders and commits
     */
    private record Item(
            int type,
            ObjectId id,
            int chain,
            byte[] thin,
            Optional<byte[]> whole,
            Optional<byte[]> content) {
        byte[] own() {
            return whole.orElse(thin);
        }

        long bytes() {
            long bytes = thin.length;
            for (Optional<byte[]> more : List.of(whole, content)) {
                bytes += more.map(held -> held.length).orElse(0);
            }
            return bytes;
        }
    }

    private final List<Item> items = new ArrayList<>();
    private final Map<ObjectId, Integer> indexes = new HashMap<>();
    private final Packing packing = new Packing();
    private long bytes;

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
            bytes -= last.bytes();
        }
    }

    /** What a file of these commits holds; empty if it is of none of them. */
    Optional<byte[]> file(ObjectId id) {
        return Optional.ofNullable(indexes.get(id)).flatMap(index -> items.get(index).content());
    }

    ObjectId addFile(byte[] content) {
        ObjectId id = id(Constants.OBJ_BLOB, content);
        if (!indexes.containsKey(id)) {
            byte[] entry = whole(Constants.OBJ_BLOB, content);
            add(new Item(Constants.OBJ_BLOB, id, 0, entry, Optional.empty(), Optional.of(content)));
        }
        return id;
    }

    ObjectId addCommit(byte[] commit) {
        ObjectId id = id(Constants.OBJ_COMMIT, commit);
        if (!indexes.containsKey(id)) {
            add(alone(Constants.OBJ_COMMIT, id, commit));
        }
        return id;
    }

    /**
     * Adds a folder that came of another one.
     *
     * @param before the name of the other, which the repository or this pack has; the zero id for
     *     none
     * @param bytesBefore what the other was
     */
    ObjectId addTree(byte[] bytes, ObjectId before, byte[] bytesBefore) {
        ObjectId id = id(Constants.OBJ_TREE, bytes);
        if (indexes.containsKey(id)) {
            return id;
        }
        // Git reads no difference that leads to nothing: it would be shorter than four bytes.
        boolean alone = before.equals(ObjectId.zeroId()) || before.equals(id) || bytes.length == 0;
        if (alone) {
            add(alone(Constants.OBJ_TREE, id, bytes));
            return id;
        }
        byte[] thin = difference(before, bytesBefore, bytes);
        Integer base = indexes.get(before);
        int chain = base == null ? 0 : items.get(base).chain() + 1;
        boolean stands = base == null || chain > MAX_CHAIN;
        add(
                new Item(
                        Constants.OBJ_TREE,
                        id,
                        stands ? 0 : chain,
                        thin,
                        stands ? Optional.of(whole(Constants.OBJ_TREE, bytes)) : Optional.empty(),
                        Optional.empty()));
        return id;
    }

    private Item alone(int type, ObjectId id, byte[] object) {
        return new Item(type, id, 0, whole(type, object), Optional.empty(), Optional.empty());
    }

    private void add(Item item) {
        indexes.put(item.id(), items.size());
        items.add(item);
        bytes += item.bytes();
    }

    private byte[] whole(int type, byte[] object) {
        ByteArrayOutputStream entry = new ByteArrayOutputStream(object.length + 32);
        typeAndSize(entry, type, object.length);
        packing.deflate(object, object.length <= STORED_BYTES, entry);
        return entry.toByteArray();
    }

    private byte[] difference(ObjectId base, byte[] from, byte[] to) {
        byte[] delta = Delta.between(from, to);
        ByteArrayOutputStream entry = new ByteArrayOutputStream(delta.length + 64);
        typeAndSize(entry, REF_DELTA, delta.length);
        byte[] id = new byte[Constants.OBJECT_ID_LENGTH];
        base.copyRawTo(id, 0);
        entry.writeBytes(id);
        packing.deflate(delta, delta.length <= STORED_BYTES, entry);
        return entry.toByteArray();
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
        byte[] pack = pack(items, Item::own, infos::add);
        infos.sort(null);
        ByteArrayOutputStream index = new ByteArrayOutputStream();
        BasePackIndexWriter.createVersion(index, 2)
                .write(infos, Arrays.copyOfRange(pack, pack.length - CHECKSUM_BYTES, pack.length));
        return new Packed(pack, index.toByteArray());
    }

    /**
     * What was added since the pack had a size, as a pack that may name objects which are
     * elsewhere.
     */
    byte[] thin(int since) {
        return pack(items.subList(since, items.size()), Item::thin, _ -> {});
    }

    /** A pack and its index. */
    record Packed(byte[] pack, byte[] index) {
        /** What their files are called, without the endings: by the checksum of the pack. */
        String name() {
            return "pack-"
                    + HexFormat.of().formatHex(pack, pack.length - CHECKSUM_BYTES, pack.length);
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

    private static byte[] pack(
            List<Item> items, Function<Item, byte[]> form, Consumer<PackedObjectInfo> each) {
        long length = HEADER_BYTES + CHECKSUM_BYTES;
        for (Item item : items) {
            length += form.apply(item).length;
        }
        ByteBuffer pack = ByteBuffer.allocate(Math.toIntExact(length));
        pack.put(header(items.size()));
        CRC32 crc = new CRC32();
        for (Item item : items) {
            byte[] entry = form.apply(item);
            crc.reset();
            crc.update(entry);
            PackedObjectInfo info = new PackedObjectInfo(item.id());
            info.setOffset(pack.position());
            info.setCRC((int) crc.getValue());
            info.setType(item.type());
            each.accept(info);
            pack.put(entry);
        }
        MessageDigest sha1 = sha1();
        sha1.update(pack.array(), 0, pack.position());
        return pack.put(sha1.digest()).array();
    }

    /** What a pack of so many objects begins with. */
    static byte[] header(int objects) {
        byte[] header = new byte[HEADER_BYTES];
        System.arraycopy(Constants.PACK_SIGNATURE, 0, header, 0, 4);
        NB.encodeInt32(header, 4, 2);
        NB.encodeInt32(header, 8, objects);
        return header;
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
}
