package dev.shiplog.api.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body of which everything that is read is kept, and so counted. */
final class CountedBody extends FilterInputStream {
    private final BodyBudget.Share share;

    CountedBody(InputStream body, BodyBudget.Share share) {
        super(body);
        this.share = share;
    }

    @Override
    public int read() throws IOException {
        int read = in.read();
        if (read >= 0) {
            share.take(1);
        }
        return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, length);
        if (read > 0) {
            share.take(read);
        }
        return read;
    }
}
