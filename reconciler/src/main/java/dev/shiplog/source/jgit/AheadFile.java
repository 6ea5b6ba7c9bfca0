package dev.shiplog.source.jgit;

import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * One file of {@link WriteAhead}: records, one after the other, then zeros. A record is
 *
 * <pre>
 * magic 8 | length of branch, pack, index 4 each | branch | from 20 | to 20 | pack | index | CRC-32C 4
 * </pre>
 *
 * in big endian; the checksum covers all before it. The first record that is not whole ends the
 * file: whoever wrote it never heard that it was durable.
 *
 * <p>A new file is filled with zeros, so that syncing a record need not sync the file's length.
 */
final class AheadFile implements AutoCloseable {
    /** What is filled with zeros, in bytes. */
    static final int PREPARED_BYTES = 256 << 10;

    /** "shipahd1". */
    private static final long MAGIC = 0x7368697061686431L;

    private static final int HEAD_BYTES = 8 + 3 * 4;
    private static final int CHECKSUM_BYTES = 4;

    private final Path path;
    private final FileChannel channel;
    private final List<String> packs = new ArrayList<>();
    private final Set<String> branches = new HashSet<>();
    private volatile long bytes;
    private volatile boolean torn;

    /**
     * That a branch moves.
     *
     * @param packed the objects that came with it; empty if there are none
     */
    record Move(String branch, ObjectId from, ObjectId to, Optional<CommitPack.Packed> packed) {
        /** The same without what takes memory. */
        Move withoutPack() {
            return new Move(branch, from, to, Optional.empty());
        }
    }

    /** Takes what a file holds. */
    interface Reader {
        void record(Move record) throws IOException;
    }

    private AheadFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Makes a file that is read after all those that are there. */
    static AheadFile create(Path folder, Collection<Path> before) throws IOException {
        long number =
                1
                        + before.stream()
                                .mapToLong(
                                        file -> Long.parseLong(file.getFileName().toString(), 16))
                                .max()
                                .orElse(0);
        Path path = folder.resolve("%016x".formatted(number));
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            channel.write(ByteBuffer.allocate(PREPARED_BYTES), 0);
            channel.force(true);
            Durable.folder(folder);
        } catch (IOException e) {
            channel.close();
            Files.deleteIfExists(path);
            throw e;
        }
        return new AheadFile(path, channel);
    }

    Path path() {
        return path;
    }

    /** What it holds. */
    long bytes() {
        return bytes;
    }

    /** The packs that it holds, without their endings. */
    List<String> packs() {
        return List.copyOf(packs);
    }

    Set<String> branches() {
        return Set.copyOf(branches);
    }

    /** Whether a record could not be written whole, or not be synced: nothing may follow it. */
    boolean torn() {
        return torn;
    }

    /** Adds a record; it is durable when this returns. */
    void append(Move record) throws IOException {
        byte[] branch = record.branch().getBytes(StandardCharsets.UTF_8);
        byte[] pack = record.packed().map(CommitPack.Packed::pack).orElse(new byte[0]);
        byte[] index = record.packed().map(CommitPack.Packed::index).orElse(new byte[0]);
        ByteBuffer head =
                ByteBuffer.allocate(HEAD_BYTES + branch.length + 2 * Constants.OBJECT_ID_LENGTH)
                        .putLong(MAGIC)
                        .putInt(branch.length)
                        .putInt(pack.length)
                        .putInt(index.length)
                        .put(branch);
        byte[] id = new byte[Constants.OBJECT_ID_LENGTH];
        record.from().copyRawTo(id, 0);
        head.put(id);
        record.to().copyRawTo(id, 0);
        head.put(id).flip();
        CRC32C sum = new CRC32C();
        sum.update(head.array());
        sum.update(pack);
        sum.update(index);
        ByteBuffer checksum = ByteBuffer.allocate(CHECKSUM_BYTES).putInt((int) sum.getValue());
        torn = true;
        long at = bytes;
        for (ByteBuffer part :
                List.of(head, ByteBuffer.wrap(pack), ByteBuffer.wrap(index), checksum.flip())) {
            while (part.hasRemaining()) {
                at += channel.write(part, at);
            }
        }
        channel.force(false);
        record.packed().ifPresent(packed -> packs.add(packed.name()));
        branches.add(record.branch());
        bytes = at;
        torn = false;
    }

    /** Reads what a file holds, up to the first record that is not whole. */
    static void read(Path file, Reader reader) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long at = 0;
            while (true) {
                ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
                if (!filled(channel, head, at) || head.getLong() != MAGIC) {
                    return;
                }
                int branch = head.getInt();
                int pack = head.getInt();
                int index = head.getInt();
                long length =
                        (long) branch
                                + 2 * Constants.OBJECT_ID_LENGTH
                                + pack
                                + index
                                + CHECKSUM_BYTES;
                if (branch < 0
                        || pack < 0
                        || index < 0
                        || length > channel.size() - at - HEAD_BYTES) {
                    return;
                }
                ByteBuffer rest = ByteBuffer.allocate((int) length);
                if (!filled(channel, rest, at + HEAD_BYTES)) {
                    return;
                }
                CRC32C sum = new CRC32C();
                sum.update(head.array());
                sum.update(rest.array(), 0, (int) length - CHECKSUM_BYTES);
                if ((int) sum.getValue() != rest.getInt((int) length - CHECKSUM_BYTES)) {
                    return;
                }
                reader.record(record(rest, branch, pack, index));
                at += HEAD_BYTES + length;
            }
        }
    }

    private static Move record(ByteBuffer from, int branch, int pack, int index) {
        String name = new String(taken(from, branch), StandardCharsets.UTF_8);
        ObjectId before = ObjectId.fromRaw(taken(from, Constants.OBJECT_ID_LENGTH));
        ObjectId after = ObjectId.fromRaw(taken(from, Constants.OBJECT_ID_LENGTH));
        return new Move(
                name,
                before,
                after,
                pack == 0
                        ? Optional.empty()
                        : Optional.of(
                                new CommitPack.Packed(taken(from, pack), taken(from, index))));
    }

    private static byte[] taken(ByteBuffer from, int length) {
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    private static boolean filled(FileChannel channel, ByteBuffer into, long at)
            throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into, at + into.position()) < 0) {
                return false;
            }
        }
        into.flip();
        return true;
    }

    void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
