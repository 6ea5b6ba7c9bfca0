package dev.shiplog.ledger;

import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.Snapshot;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.StateCodec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Snapshots of the cluster. A snapshot saves time and nothing else: one that is bad is not used.
 *
 * <p>A document is the state's canonical bytes, deflated (RFC 1950). Neither is ever in memory as a
 * whole but the deflated one, about a twentieth of the state.
 */
final class Snapshots {
    static final String NAME = "cluster";
    private static final int BUFFER_BYTES = 16 << 10;

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    private final Journal journal;

    Snapshots(Journal journal) {
        this.journal = journal;
    }

    /** The newest snapshot at or before a position that can be used; else the empty state. */
    ClusterState newest(Position atOrBefore) {
        Position limit = atOrBefore;
        while (true) {
            Optional<Snapshot> found = journal.snapshot(NAME, StateCodec.FORMAT, limit);
            if (found.isEmpty()) {
                return ClusterState.EMPTY;
            }
            Optional<ClusterState> state = decoded(found.get());
            if (state.isPresent()) {
                return state.get();
            }
            limit = new Position(found.get().position().value() - 1);
        }
    }

    private Optional<ClusterState> decoded(Snapshot snapshot) {
        try {
            ClusterState state = inflated(snapshot);
            if (!state.position().equals(snapshot.position())) {
                throw new IllegalArgumentException("it holds position " + state.position());
            }
            return Optional.of(state);
        } catch (IllegalArgumentException e) {
            log.warn(
                    "The snapshot at position {} in {} is damaged and will not be used: {}",
                    snapshot.position(),
                    journal.location(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    private static ClusterState inflated(Snapshot snapshot) {
        MessageDigest sum = HashChain.sha256();
        try (InputStream in =
                new InflaterInputStream(new ByteArrayInputStream(snapshot.document()))) {
            ClusterState state =
                    StateCodec.read(into -> {
                        int count = read(in, into);
                        sum.update(into, 0, count);
                        return count;
                    });
            if (!Arrays.equals(snapshot.stateHash(), sum.digest())) {
                throw new IllegalArgumentException("its hash is not that of its document");
            }
            return state;
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException("it cannot be inflated: " + e.getMessage(), e);
        }
    }

    private static int read(InputStream in, byte[] into) {
        try {
            return Math.max(0, in.read(into));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void save(ClusterState state) {
        MessageDigest sum = HashChain.sha256();
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (OutputStream out = new DeflaterOutputStream(document, fast, BUFFER_BYTES)) {
            StateCodec.write(
                    state,
                    (bytes, length) -> {
                        sum.update(bytes, 0, length);
                        write(bytes, length, out);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        } finally {
            fast.end();
        }
        journal.save(
                new Snapshot(
                        NAME,
                        StateCodec.FORMAT,
                        state.position(),
                        sum.digest(),
                        document.toByteArray()));
    }

    private static void write(byte[] bytes, int length, OutputStream out) {
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }
}
