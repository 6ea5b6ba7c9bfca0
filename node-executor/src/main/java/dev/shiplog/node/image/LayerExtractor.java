package dev.shiplog.node.image;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Unpacks a tar stream into an empty directory. An archive is a stranger's: no entry may leave the
 * directory, be written through a symbolic link, or grow without limit. Device nodes, sockets and
 * extended attributes are left out: containers get their own {@code /dev}.
 */
final class LayerExtractor {
    /** More entries than any sane layer has. */
    private static final int MAX_ENTRIES = 2_000_000;

    /** Bytes of one layer, unpacked. */
    private static final long MAX_BYTES = 64L << 30;

    private static final int BUFFER_BYTES = 1 << 16;

    private final Path root;
    private final boolean owners;
    private final SortedSet<String> deleted = new TreeSet<>();
    private final SortedSet<String> opaque = new TreeSet<>();
    private final Map<Path, FileTime> directoryTimes = new LinkedHashMap<>();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long bytes;

    /**
     * @param owners whether to give files their owners, which needs root
     */
    LayerExtractor(Path root, boolean owners) {
        this.root = root;
        this.owners = owners;
    }

    /** Paths that the archive says are deleted from the layers below. */
    SortedSet<String> deleted() {
        return deleted;
    }

    /** Directories of which it says that nothing from the layers below is in them. */
    SortedSet<String> opaque() {
        return opaque;
    }

    /** Unpacks all of it, then reads the stream to its end. */
    void extract(InputStream in) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name());
        int entries = 0;
        for (TarArchiveEntry entry = tar.getNextEntry();
                entry != null;
                entry = tar.getNextEntry()) {
            if (++entries > MAX_ENTRIES) {
                throw new IOException("expected at most " + MAX_ENTRIES + " files in an archive");
            }
            take(tar, entry);
        }
        in.transferTo(OutputStream.nullOutputStream());
        for (Map.Entry<Path, FileTime> time : directoryTimes.entrySet()) {
            Files.setLastModifiedTime(time.getKey(), time.getValue());
        }
    }

    private void take(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
        List<String> names = names(entry.getName());
        if (names.isEmpty()) {
            return;
        }
        String last = names.getLast();
        if (last.startsWith(Whiteouts.PREFIX)) {
            takeWhiteout(names, last);
            return;
        }
        Path parent = parent(names);
        Path file = parent.resolve(last);
        if (entry.isDirectory()) {
            if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(file);
                Files.createDirectory(file);
            }
            directoryTimes.put(file, entry.getLastModifiedTime());
            attributes(file, entry);
        } else if (entry.isLink()) {
            replace(file);
            Files.createLink(file, linked(entry));
        } else if (entry.isSymbolicLink()) {
            replace(file);
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            owner(file, entry);
        } else if (entry.isFile() && !entry.isSparse()) {
            replace(file);
            write(tar, file, entry);
            attributes(file, entry);
            Files.setLastModifiedTime(file, entry.getLastModifiedTime());
        } else if (entry.isSparse()) {
            throw new IOException("expected plain files, found a sparse one: " + entry.getName());
        }
    }

    private void takeWhiteout(List<String> names, String last) throws IOException {
        List<String> parent = names.subList(0, names.size() - 1);
        if (last.equals(Whiteouts.OPAQUE)) {
            opaque.add(String.join("/", parent));
            return;
        }
        String name = last.substring(Whiteouts.PREFIX.length());
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("\n")) {
            throw new IOException("expected the name of a deleted file, found " + last);
        }
        List<String> path = new ArrayList<>(parent);
        path.add(name);
        deleted.add(String.join("/", path));
    }

    private static List<String> names(String entry) throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : entry.split("/", -1)) {
            if (name.equals("..")) {
                throw new IOException("the archive has an entry that leads out of it: " + entry);
            }
            if (name.indexOf('\0') >= 0) {
                throw new IOException("the archive has an entry with a zero byte in its name");
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return names;
    }

    /** The directory that a file belongs into; made if it is missing, refused if it is a link. */
    private Path parent(List<String> names) throws IOException {
        Path directory = root;
        for (String name : names.subList(0, names.size() - 1)) {
            directory = directory.resolve(name);
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(
                        "the archive would write through "
                                + root.relativize(directory)
                                + ", which is not a directory: "
                                + String.join("/", names));
            }
            Files.createDirectory(directory);
        }
        return directory;
    }

    private Path linked(TarArchiveEntry entry) throws IOException {
        List<String> names = names(entry.getLinkName());
        if (names.isEmpty()) {
            throw new IOException("the archive has a link to nothing: " + entry.getName());
        }
        Path target = parent(names).resolve(names.getLast());
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(
                    "the archive links "
                            + entry.getName()
                            + " to a file it lacks: "
                            + entry.getLinkName());
        }
        return target;
    }

    private static void replace(Path file) throws IOException {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            Trees.delete(file);
        } else {
            Files.deleteIfExists(file);
        }
    }

    private void write(TarArchiveInputStream tar, Path file, TarArchiveEntry entry)
            throws IOException {
        bytes += entry.getSize();
        if (bytes > MAX_BYTES) {
            throw new IOException("expected at most " + MAX_BYTES + " bytes in an archive");
        }
        try (OutputStream out =
                Files.newOutputStream(
                        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                out.write(buffer, 0, n);
            }
        }
    }

    private void attributes(Path file, TarArchiveEntry entry) throws IOException {
        owner(file, entry);
        // After the owner: a change of owner clears setuid.
        Files.setAttribute(file, "unix:mode", entry.getMode() & 07777, LinkOption.NOFOLLOW_LINKS);
    }

    private void owner(Path file, TarArchiveEntry entry) throws IOException {
        if (owners) {
            Files.setAttribute(
                    file, "unix:uid", (int) entry.getLongUserId(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(
                    file, "unix:gid", (int) entry.getLongGroupId(), LinkOption.NOFOLLOW_LINKS);
        }
    }
}
