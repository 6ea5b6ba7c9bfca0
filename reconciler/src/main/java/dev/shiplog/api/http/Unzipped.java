package dev.shiplog.api.http;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A body that came zipped. One that only says so is its sender's fault, and 400. */
final class Unzipped extends FilterInputStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    Unzipped(InputStream zipped) throws IOException {
        super(zipped);
        try {
            in = new GZIPInputStream(zipped, BUFFER_BYTES);
        } catch (ZipException | EOFException e) {
            throw broken(e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int read = read(one, 0, 1);
        return read < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return in.read(buffer, offset, length);
        } catch (ZipException | EOFException e) {
            throw broken(e);
        }
    }

    private static ApiFailure broken(IOException e) {
        return new ApiFailure(
                Status.badRequest("the body is not zipped as it says: " + e.getMessage()), e);
    }
}
