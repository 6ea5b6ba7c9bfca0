package dev.shiplog.node.volume;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * What is in one file of a volume, and who may read it. It may be secret: it prints no more than
 * its size.
 */
public final class FileContent {
    private final byte[] bytes;
    private final int mode;

    /**
     * @param bytes not to be changed by anybody from now on
     * @param mode permission bits
     */
    public FileContent(byte[] bytes, int mode) {
        this.bytes = bytes;
        this.mode = mode;
    }

    byte[] bytes() {
        return bytes;
    }

    public int mode() {
        return mode;
    }

    FileContent withMode(int value) {
        return new FileContent(bytes, value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FileContent that
                && mode == that.mode
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + mode;
    }

    @Override
    public String toString() {
        return bytes.length + " bytes, mode " + Integer.toOctalString(mode);
    }
}
