package dev.shiplog.node.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A TCP connection into a pod. Closing it ends both directions and wakes who waits for them. */
public interface PodConnection extends AutoCloseable {
    InputStream in();

    /** Written through at once. */
    OutputStream out();

    /** Says that nothing more will be written; the other direction goes on. */
    void endOutput() throws IOException;

    @Override
    void close() throws IOException;
}
