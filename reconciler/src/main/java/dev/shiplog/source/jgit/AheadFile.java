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
import java.util.Collection;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One file of {@link WriteAhead}: records, one after the other, then zeros. A record is
 *
 * <pre>
 * magic 8 | length of branch, pack, index 4 each | branch | from 20 | to 20 | pack | index | CRC-32C 4
 * </pre>
 *
 * in big endian; the checksum covers all before it. The pack may name folders that the repository
 * or an earlier record has. No index is written any more, and one that is there is not needed. The
 * first record that is not whole ends the file: whoever wrote it never heard that it was durable.
 *
 * <p>A new file is filled with zeros, so that syncing a record need not sync the file's length.
 */
final class AheadFile implements AutoCloseable {
    /** What is filled with zeros, in bytes: some hundreds of commits. */
    static final int PREPARED_BYTES = 1 << 20;

    /** "shipahd1". */
    private static final long MAGIC = 0x7368697061686431L;

    private static final int HEAD_BYTES = 8 + 3 * 4;
    private static final int CHECKSUM_BYTES = 4;

    private final Path path;
    private final FileChannel channel;
    private volatile long bytes;
    private volatile boolean torn;

    /**
     * That a branch moves.
     *
     * @param pack the objects that came with it, see {@link CommitPack#thin}; empty if there are
     *     none
     */
    record Move(String branch, ObjectId from, ObjectId to, Optional<byte[]> pack) {
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

    /** Whether a record could not be written whole, or not be synced: nothing may follow it. */
    boolean torn() {
        return torn;
    }

    /** Adds a record; it is durable when this returns. */
    void append(Move move) throws IOException {
        ByteBuffer record = record(move);
        torn = true;
        long at = bytes;
        while (record.hasRemaining()) {
            at += channel.write(record, at);
        }
        channel.force(false);
        bytes = at;
        torn = false;
    }

    private static ByteBuffer record(Move move) {
        byte[] branch = move.branch().getBytes(StandardCharsets.UTF_8);
        byte[] pack = move.pack().orElse(new byte[0]);
        byte[] from = new byte[Constants.OBJECT_ID_LENGTH];
        byte[] to = new byte[Constants.OBJECT_ID_LENGTH];
        move.from().copyRawTo(from, 0);
        move.to().copyRawTo(to, 0);
        int length = HEAD_BYTES + branch.length + from.length + to.length + pack.length;
        ByteBuffer record =
                ByteBuffer.allocate(length + CHECKSUM_BYTES)
                        .putLong(MAGIC)
                        .putInt(branch.length)
                        .putInt(pack.length)
                        .putInt(0)
                        .put(branch)
                        .put(from)
                        .put(to)
                        .put(pack);
        CRC32C sum = new CRC32C();
        sum.update(record.array(), 0, length);
        return record.putInt((int) sum.getValue()).flip();
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
                reader.record(move(rest, branch, pack));
                at += HEAD_BYTES + length;
            }
        }
    }

    private static Move move(ByteBuffer from, int branch, int pack) {
        String name = new String(taken(from, branch), StandardCharsets.UTF_8);
        ObjectId before = ObjectId.fromRaw(taken(from, Constants.OBJECT_ID_LENGTH));
        ObjectId after = ObjectId.fromRaw(taken(from, Constants.OBJECT_ID_LENGTH));
        return new Move(
                name, before, after, pack == 0 ? Optional.empty() : Optional.of(taken(from, pack)));
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
