package dev.shiplog.node.link.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Bytes that one thread puts in and another reads. At most {@link #MOST_PIECES} pieces wait: who
 * puts in more is held up, and so, over the network, is who sends them.
 */
public final class Inflow extends InputStream {
    /** Pieces that wait at most, each of {@code SessionFrames.PIECE_BYTES} at most. */
    static final int MOST_PIECES = 32;

    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(MOST_PIECES);
    private byte[] piece = END;
    private int at;
    private boolean ended;
    private volatile boolean closed;

    /** Puts a piece in; blocks while too many wait, drops it if nobody reads any more. */
    public void put(byte[] bytes) throws InterruptedException {
        if (bytes.length > 0 && !closed) {
            pieces.put(bytes);
        }
    }

    /** Nothing more comes. */
    public void end() throws InterruptedException {
        if (!closed) {
            pieces.put(END);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            while (!ended && at == piece.length) {
                piece = pieces.take();
                at = 0;
                ended = piece.length == 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for bytes");
        }
        if (ended) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, bytes, offset, count);
        at += count;
        return count;
    }

    /** Nobody reads any more: who puts something in is not held up. */
    @Override
    public void close() {
        closed = true;
        pieces.clear();
    }
}
