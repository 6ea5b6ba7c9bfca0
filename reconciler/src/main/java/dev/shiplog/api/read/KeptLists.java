package dev.shiplog.api.read;

import dev.shiplog.api.Query;
import dev.shiplog.api.table.Format;
import dev.shiplog.resource.Position;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The bodies of the last lists, so that readers who ask for the same at the same revision share one
 * encoding, and one zipping. Thread-safe; who asks for what is being made waits for it.
 *
 * <p>Invariants: of a few lists only, none of them large; memory that is short is given back; what
 * is not to be kept in the plain is never given to it.
 */
final class KeptLists {
    /** How many lists are kept. */
    private static final int MAX_LISTS = 8;

    /** A longer body is made for its reader alone. */
    private static final int MAX_BYTES = 4 << 20;

    private final Map<Asked, Kept> lists =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Asked, Kept> eldest) {
                    return size() > MAX_LISTS;
                }
            };

    /**
     * Everything that the bytes of a list depend on.
     *
     * @param served the API version and the plural
     */
    record Asked(
            Position at, String served, Optional<String> namespace, Query query, Format format) {}

    /** A list that somebody asks for; made at most once while it is kept. */
    static final class Kept {
        private SoftReference<byte[]> plain = new SoftReference<>(null);
        private SoftReference<byte[]> zipped = new SoftReference<>(null);

        synchronized Optional<byte[]> known() {
            return Optional.ofNullable(plain.get());
        }

        synchronized byte[] plain(Supplier<byte[]> making) {
            byte[] known = plain.get();
            if (known != null) {
                return known;
            }
            byte[] made = making.get();
            if (made.length <= MAX_BYTES) {
                plain = new SoftReference<>(made);
            }
            return made;
        }

        /** The same, zipped. */
        synchronized byte[] zipped(byte[] body) {
            byte @Nullable [] known = zipped.get();
            if (known != null) {
                return known;
            }
            byte[] made = zip(body);
            if (body.length <= MAX_BYTES) {
                zipped = new SoftReference<>(made);
            }
            return made;
        }
    }

    Kept of(Asked asked) {
        synchronized (lists) {
            return lists.computeIfAbsent(asked, _ -> new Kept());
        }
    }

    private static byte[] zip(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 8);
        try (GZIPOutputStream zip =
                new GZIPOutputStream(bytes, 64 * 1024) {
                    {
                        def.setLevel(Deflater.BEST_SPEED);
                    }
                }) {
            zip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
