package dev.shiplog.source.jgit;

import java.io.ByteArrayOutputStream;
import java.util.zip.Deflater;

/**
 * Deflates what is packed (RFC 1950), with what it has used before: a deflater takes a quarter of a
 * mebibyte, and making one takes longer than a small object. Used by one thread.
 */
final class Packing {
    private static final int BUFFER_BYTES = 8 << 10;

    private final Deflater fast = new Deflater(Deflater.BEST_SPEED);
    private final Deflater stored = new Deflater(Deflater.NO_COMPRESSION);
    private final byte[] buffer = new byte[BUFFER_BYTES];

    /**
     * @param small whether to make it smaller; if not, it is stored as it is
     */
    void deflate(byte[] data, boolean small, ByteArrayOutputStream out) {
        Deflater deflater = small ? fast : stored;
        deflater.reset();
        deflater.setInput(data);
        deflater.finish();
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
    }
}
