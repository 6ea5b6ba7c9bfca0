package dev.shiplog.source.jgit;

import org.eclipse.jgit.internal.storage.file.BasePackIndexWriter;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.eclipse.jgit.internal.storage.file.PackIndex;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.transport.PackedObjectInfo;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Several packs written as one. Objects are copied as they lie there, deflated and as differences;
 * only a folder that a pack begins with, whole, becomes a difference to what the pack before ended
 * with.
 *
 * <p>Invariant: it holds one small pack at a time in memory, a few folders, and some bytes for each
 * object.
 */
final class PackMerge {
    /** Folders that others are compared with; together no more than these bytes. */
    private static final int LIKELY_TREES = 8;

    private static final long LIKELY_BYTES = 8L << 20;

    private static final int BUFFER_BYTES = 64 << 10;

    private final ObjectReader reader;
    private final List<PackedObjectInfo> infos = new ArrayList<>();
    private final Map<ObjectId, Written> written = new HashMap<>();
    private final Deque<Tree> trees = new ArrayDeque<>();
    private final MessageDigest sum = CommitPack.sha1();
    private final Packing packing = new Packing();
    private long position;

    /** Where an object begins, and how many differences lead to it. */
    private record Written(long offset, int chain) {}

    /** The end of a chain of folders. */
    private record Tree(ObjectId id, byte[] content) {}

    /**
     * An object as it lies in its pack.
     *
     * @param base the object that it is a difference to; itself if it is whole
     * @param data where the deflated bytes begin
     */
    private record Entry(
            ObjectId id, int type, long size, ObjectId base, byte[] pack, int data, int end) {
        boolean whole() {
            return base.equals(id);
        }
    }

    private PackMerge(ObjectReader reader) {
        this.reader = reader;
    }

    /** Writes one pack of all; when this returns it is durable, and readers see it. */
    static void write(ObjectDirectory objects, List<Pack> packs) throws IOException {
        Path folder = objects.getPackDirectory().toPath();
        Path draft = folder.resolve("merge.pack.tmp");
        try (ObjectReader reader = objects.newReader()) {
            PackMerge merge = new PackMerge(reader);
            byte[] checksum;
            try (OutputStream out =
                    new BufferedOutputStream(Files.newOutputStream(draft), BUFFER_BYTES)) {
                merge.header(distinct(packs), out);
                for (Pack pack : packs) {
                    merge.add(pack, out);
                }
                checksum = merge.sum.digest();
                out.write(checksum);
            }
            Durable.sync(draft);
            merge.infos.sort(null);
            ByteArrayOutputStream index = new ByteArrayOutputStream();
            BasePackIndexWriter.createVersion(index, 2).write(merge.infos, checksum);
            Path indexDraft = folder.resolve("merge.idx.tmp");
            Durable.write(indexDraft, index.toByteArray());
            CommitPack.publish(objects, checksum, draft, indexDraft);
            Durable.folder(folder);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static int distinct(List<Pack> packs) {
        Set<ObjectId> ids = new HashSet<>();
        for (Pack pack : packs) {
            pack.iterator().forEachRemaining(entry -> ids.add(entry.toObjectId()));
        }
        return ids.size();
    }

    private void header(int objects, OutputStream out) throws IOException {
        byte[] header = CommitPack.header(objects);
        put(header, header.length, out);
    }

    private void add(Pack pack, OutputStream out) throws IOException {
        List<Entry> entries = entries(pack);
        Map<ObjectId, Integer> deepest = deepest(entries);
        for (Entry entry : entries) {
            if (written.containsKey(entry.id())) {
                continue;
            }
            if (entry.whole() && entry.type() == Constants.OBJ_TREE) {
                tree(entry, deepest.getOrDefault(entry.id(), 0), out);
            } else {
                copy(entry, out);
            }
        }
        remember(entries);
    }

    private static List<Entry> entries(Pack pack) throws IOException {
        List<PackIndex.MutableEntry> places = new ArrayList<>();
        pack.iterator().forEachRemaining(entry -> places.add(entry.cloneEntry()));
        places.sort(Comparator.comparingLong(PackIndex.MutableEntry::getOffset));
        Map<Long, ObjectId> at = new HashMap<>();
        places.forEach(place -> at.put(place.getOffset(), place.toObjectId()));
        byte[] bytes = Files.readAllBytes(pack.getPackFile().toPath());
        List<Entry> entries = new ArrayList<>(places.size());
        for (int i = 0; i < places.size(); i++) {
            long end =
                    i + 1 < places.size()
                            ? places.get(i + 1).getOffset()
                            : bytes.length - CommitPack.CHECKSUM_BYTES;
            entries.add(
                    entry(
                            places.get(i).toObjectId(),
                            bytes,
                            (int) places.get(i).getOffset(),
                            (int) end,
                            at));
        }
        return entries;
    }

    /** See git-scm.com/docs/gitformat-pack, "pack-*.pack files have the following format". */
    private static Entry entry(ObjectId id, byte[] pack, int start, int end, Map<Long, ObjectId> at)
            throws IOException {
        int next = start;
        int c = pack[next++] & 0xff;
        int type = (c >>> 4) & 7;
        long size = c & 0x0f;
        for (int shift = 4; (c & 0x80) != 0; shift += 7) {
            c = pack[next++] & 0xff;
            size |= (long) (c & 0x7f) << shift;
        }
        ObjectId base = id;
        if (type == Constants.OBJ_OFS_DELTA) {
            c = pack[next++] & 0xff;
            long back = c & 0x7f;
            while ((c & 0x80) != 0) {
                c = pack[next++] & 0xff;
                back = ((back + 1) << 7) | (c & 0x7f);
            }
            base = at.get(start - back);
        } else if (type == Constants.OBJ_REF_DELTA) {
            base = ObjectId.fromRaw(pack, next);
            next += Constants.OBJECT_ID_LENGTH;
        }
        if (base == null) {
            throw new IOException("expected the base of " + id.name() + " in its pack, found none");
        }
        return new Entry(id, type, size, base, pack, next, end);
    }

    /** How many differences follow one another from each whole object. */
    private static Map<ObjectId, Integer> deepest(List<Entry> entries) {
        Map<ObjectId, Integer> depth = new HashMap<>();
        Map<ObjectId, ObjectId> root = new HashMap<>();
        Map<ObjectId, Integer> deepest = new HashMap<>();
        for (Entry entry : entries) {
            // A base that comes later is of a pushed pack, where nothing whole begins our chains.
            int mine = entry.whole() ? 0 : depth.getOrDefault(entry.base(), 0) + 1;
            ObjectId first =
                    entry.whole() ? entry.id() : root.getOrDefault(entry.base(), entry.base());
            depth.put(entry.id(), mine);
            root.put(entry.id(), first);
            deepest.merge(first, mine, Math::max);
        }
        return deepest;
    }

    /** A whole folder: as a difference to a like one, if that does not make a chain too long. */
    private void tree(Entry entry, int below, OutputStream out) throws IOException {
        byte[] content = reader.open(entry.id(), Constants.OBJ_TREE).getBytes();
        Tree best = null;
        int most = content.length / 2;
        for (Tree tree : trees) {
            Written base = written.get(tree.id());
            int common = common(content, tree.content());
            if (common > most && base != null && base.chain() + 1 + below <= CommitPack.MAX_CHAIN) {
                most = common;
                best = tree;
            }
        }
        if (best == null) {
            copy(entry, out);
            return;
        }
        byte[] delta = Delta.between(best.content(), content);
        Written base = Objects.requireNonNull(written.get(best.id()), "a base is written first");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CommitPack.typeAndSize(bytes, Constants.OBJ_OFS_DELTA, delta.length);
        CommitPack.back(bytes, position - base.offset());
        packing.deflate(delta, true, bytes);
        put(entry.id(), base.chain() + 1, bytes.toByteArray(), new byte[0], 0, 0, out);
    }

    private void copy(Entry entry, OutputStream out) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        Written base = written.get(entry.base());
        int chain = 0;
        if (entry.whole()) {
            CommitPack.typeAndSize(head, entry.type(), entry.size());
        } else if (base != null) {
            CommitPack.typeAndSize(head, Constants.OBJ_OFS_DELTA, entry.size());
            CommitPack.back(head, position - base.offset());
            chain = base.chain() + 1;
        } else {
            CommitPack.typeAndSize(head, Constants.OBJ_REF_DELTA, entry.size());
            byte[] id = new byte[Constants.OBJECT_ID_LENGTH];
            entry.base().copyRawTo(id, 0);
            head.write(id);
            chain = 1;
        }
        put(
                entry.id(),
                chain,
                head.toByteArray(),
                entry.pack(),
                entry.data(),
                entry.end() - entry.data(),
                out);
    }

    private void put(
            ObjectId id,
            int chain,
            byte[] head,
            byte[] data,
            int from,
            int length,
            OutputStream out)
            throws IOException {
        CRC32 crc = new CRC32();
        crc.update(head);
        crc.update(data, from, length);
        PackedObjectInfo info = new PackedObjectInfo(id);
        info.setOffset(position);
        info.setCRC((int) crc.getValue());
        infos.add(info);
        written.put(id, new Written(position, chain));
        put(head, head.length, out);
        out.write(data, from, length);
        sum.update(data, from, length);
        position += length;
    }

    private void put(byte[] bytes, int length, OutputStream out) throws IOException {
        out.write(bytes, 0, length);
        sum.update(bytes, 0, length);
        position += length;
    }

    /** Keeps the folders that a pack ends with: the next pack's come of them. */
    private void remember(List<Entry> entries) throws IOException {
        Set<ObjectId> folders = new HashSet<>();
        Set<ObjectId> bases = new HashSet<>();
        for (Entry entry : entries) {
            if (entry.type() == Constants.OBJ_TREE || folders.contains(entry.base())) {
                folders.add(entry.id());
            }
            if (!entry.whole()) {
                bases.add(entry.base());
            }
        }
        List<ObjectId> ends =
                entries.reversed().stream()
                        .map(Entry::id)
                        .filter(id -> folders.contains(id) && !bases.contains(id))
                        .limit(LIKELY_TREES)
                        .toList();
        for (ObjectId end : ends.reversed()) {
            trees.addFirst(new Tree(end, reader.open(end, Constants.OBJ_TREE).getBytes()));
        }
        long bytes = trees.stream().mapToLong(tree -> tree.content().length).sum();
        while (trees.size() > LIKELY_TREES || (bytes > LIKELY_BYTES && trees.size() > 1)) {
            bytes -= trees.removeLast().content().length;
        }
    }

    /** How many bytes two texts have in common, at their beginning and at their end. */
    private static int common(byte[] one, byte[] other) {
        int limit = Math.min(one.length, other.length);
        int mismatch = Arrays.mismatch(one, other);
        int prefix = mismatch < 0 ? limit : Math.min(mismatch, limit);
        return prefix + Delta.commonEnd(one, other, limit - prefix);
    }
}
