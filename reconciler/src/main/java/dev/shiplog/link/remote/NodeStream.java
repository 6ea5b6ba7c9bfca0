package dev.shiplog.link.remote;

import dev.shiplog.node.link.wire.LinkCodec;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * What goes down to one connected node, a line at a time; an empty line now and then says that the
 * stream lives. Once a line could not be written, the stream is over.
 */
final class NodeStream {
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private final CountDownLatch over = new CountDownLatch(1);

    NodeStream(OutputStream out) {
        this.out = out;
    }

    /** Blocks while the node does not read. */
    void send(LinkCodec.Down message) {
        write(LinkCodec.down(message));
    }

    void write(byte[] line) {
        writing.lock();
        try {
            if (over.getCount() > 0) {
                out.write(line);
                out.write('\n');
                out.flush();
            }
        } catch (IOException _) {
            // The node has left; it comes again.
            end();
        } finally {
            writing.unlock();
        }
    }

    /** Sends empty lines until the stream is over, or what the node was let in by does not hold. */
    void keepAlive(Duration every, BooleanSupplier holds) throws InterruptedException {
        while (!over.await(every.toMillis(), TimeUnit.MILLISECONDS) && holds.getAsBoolean()) {
            write(new byte[0]);
        }
    }

    boolean live() {
        return over.getCount() > 0;
    }

    void end() {
        over.countDown();
    }
}
