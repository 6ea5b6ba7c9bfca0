package dev.shiplog.source.jgit;

import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps a repository of many small commits quick: packs that are small are merged, in the
 * background, so that a reader looks into few. Every object stays; no branch is looked at.
 *
 * <p>A merged pack is deleted one merge later, so that whoever reads it now can end.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    /** So many small packs are merged into one. */
    static final int MAX_SMALL_PACKS = 64;

    /** A pack below this is small, in bytes; merging holds one of them in memory at a time. */
    private static final long SMALL_BYTES = 4L << 20;

    /** A pack so many times larger than all that are smaller is left as it is. */
    private static final long MAX_GROWTH = 2;

    /** What one merge writes, in bytes. */
    private static final long MAX_MERGED_BYTES = 64L << 20;

    private final ObjectDirectory objects;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** Packs written since the last merge. */
    private final AtomicInteger packs = new AtomicInteger();

    private volatile List<Path> retired = List.of();
    private volatile boolean closed;

    Upkeep(ObjectDirectory objects) {
        this.objects = objects;
    }

    /** Says that a pack was written; returns at once. */
    void written() {
        if (!closed
                && packs.incrementAndGet() > MAX_SMALL_PACKS
                && busy.compareAndSet(false, true)) {
            Thread.ofPlatform()
                    .daemon()
                    .name("upkeep")
                    .start(() -> {
                        try {
                            merge();
                        } catch (IOException | RuntimeException e) {
                            LOG.warn("small packs could not be merged", e);
                        } finally {
                            busy.set(false);
                        }
                    });
        }
    }

    private List<Pack> small() {
        return objects.getPacks().stream()
                .filter(pack -> {
                    File file = pack.getPackFile();
                    return file.length() > 0
                            && file.length() < SMALL_BYTES
                            && !pack.shouldBeKept()
                            && !retired.contains(file.toPath());
                })
                .toList();
    }

    /**
     * The smallest, as long as none is much larger than those before it together: so an object is
     * written again a few times and not at each merge.
     */
    private static List<Pack> worthMerging(List<Pack> small) {
        List<Pack> bySize = new ArrayList<>(small);
        bySize.sort(Comparator.comparingLong(pack -> pack.getPackFile().length()));
        List<Pack> worth = new ArrayList<>();
        long bytes = 0;
        for (Pack pack : bySize) {
            long length = pack.getPackFile().length();
            if (worth.size() >= MAX_SMALL_PACKS / 2 && length > MAX_GROWTH * bytes) {
                break;
            }
            worth.add(pack);
            bytes += length;
        }
        return worth;
    }

    /** Merges the small packs, oldest first. */
    void merge() throws IOException {
        packs.set(0);
        delete(retired);
        // JGit looks again which packs are there, and so forgets the deleted ones.
        objects.close();
        List<Pack> candidates = worthMerging(small());
        candidates.sort(Comparator.comparingLong(pack -> pack.getPackFile().lastModified()));
        List<Pack> taken = new ArrayList<>();
        long bytes = 0;
        for (Pack pack : candidates) {
            taken.add(pack);
            bytes += pack.getPackFile().length();
            if (bytes > MAX_MERGED_BYTES) {
                break;
            }
        }
        if (taken.size() > 1 && !closed) {
            PackMerge.write(objects, taken);
            retired = taken.stream().map(pack -> pack.getPackFile().toPath()).toList();
        }
    }

    private static void delete(List<Path> packs) throws IOException {
        for (Path pack : packs) {
            String name = pack.getFileName().toString().replaceFirst("\\.pack$", "");
            for (String extension : List.of(".idx", ".pack", ".rev", ".objsize")) {
                Files.deleteIfExists(pack.resolveSibling(name + extension));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
