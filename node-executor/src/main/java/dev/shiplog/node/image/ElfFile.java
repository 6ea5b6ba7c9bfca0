package dev.shiplog.node.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The little of the ELF format that says whether a program needs a loader. See elf(5). */
final class ElfFile {
    private static final int MAGIC = 0x464c457f;
    private static final int PT_INTERP = 3;

    private ElfFile() {}

    /**
     * Whether a program names an interpreter, which is to say: is linked dynamically.
     *
     * @throws IOException if it is not a 64- or 32-bit ELF file
     */
    static boolean interpreter(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer header = read(channel, 0, 64);
            if (header.getInt(0) != MAGIC) {
                throw new IOException("expected an ELF program, found something else: " + file);
            }
            boolean wide = header.get(4) == 2;
            header.order(header.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            long offset = wide ? header.getLong(32) : header.getInt(28);
            int size = header.getShort(wide ? 54 : 42);
            int count = header.getShort(wide ? 56 : 44);
            for (int i = 0; i < count; i++) {
                ByteBuffer entry = read(channel, offset + (long) i * size, 4).order(header.order());
                if (entry.getInt(0) == PT_INTERP) {
                    return true;
                }
            }
            return false;
        }
    }

    private static ByteBuffer read(FileChannel channel, long offset, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("expected an ELF program, found a file that is too short");
            }
        }
        return buffer.flip();
    }
}
