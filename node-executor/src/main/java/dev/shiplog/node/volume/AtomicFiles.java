package dev.shiplog.node.volume;

import dev.shiplog.node.image.Trees;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The files of a directory, changed all at once as Kubernetes changes those of ConfigMaps: they lie
 * in a directory whose name tells the time, {@code ..data} is a link to it, and what a container
 * sees are links through {@code ..data}. One rename of that link changes every file.
 *
 * <p>Invariant: whoever reads two files through one open {@code ..data} sees them of one time.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically">
 *     mounted ConfigMaps are updated automatically</a>
 */
final class AtomicFiles {
    private static final String DATA = "..data";
    private static final String NEXT = "..data_tmp";

    /** Containers of any user look into volumes. */
    private static final int DIRECTORY_MODE = 0755;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("'..'uuuu_MM_dd_HH_mm_ss.SSSSSSSSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Path directory;
    private final OptionalLong group;

    /**
     * @param group whom the files belong to
     */
    AtomicFiles(Path directory, OptionalLong group) {
        this.directory = directory;
        this.group = group;
    }

    /** Makes the files these; nothing happens if they are. */
    void write(SortedMap<String, FileContent> files, Instant now) throws IOException {
        Path data = directory.resolve(DATA);
        if (Files.isSymbolicLink(data) && read(data).equals(files)) {
            linkAll(files.keySet());
            return;
        }
        Files.createDirectories(directory);
        Files.setAttribute(directory, "unix:mode", DIRECTORY_MODE);
        Path fresh = fresh(now);
        for (var file : files.entrySet()) {
            put(fresh, file.getKey(), file.getValue());
        }
        Path next = directory.resolve(NEXT);
        Files.deleteIfExists(next);
        Files.createSymbolicLink(next, fresh.getFileName());
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        linkAll(files.keySet());
        removeOld(fresh);
    }

    private Path fresh(Instant now) throws IOException {
        Instant time = now;
        Path fresh = directory.resolve(TIME.format(time));
        while (Files.exists(fresh, LinkOption.NOFOLLOW_LINKS)) {
            time = time.plusNanos(1);
            fresh = directory.resolve(TIME.format(time));
        }
        Files.createDirectory(fresh);
        Files.setAttribute(fresh, "unix:mode", DIRECTORY_MODE);
        return fresh;
    }

    private void put(Path root, String path, FileContent content) throws IOException {
        Path file = root.resolve(path);
        Path parent = root;
        for (Path name : root.relativize(file.getParent())) {
            parent = parent.resolve(name);
            if (!name.toString().isEmpty() && !Files.exists(parent)) {
                Files.createDirectory(parent);
                Files.setAttribute(parent, "unix:mode", DIRECTORY_MODE);
            }
        }
        Files.createFile(file);
        // Before anything is in it.
        Files.setAttribute(file, "unix:mode", 0600);
        Files.write(file, content.bytes());
        if (group.isPresent()) {
            Files.setAttribute(file, "unix:gid", Math.toIntExact(group.getAsLong()));
        }
        Files.setAttribute(file, "unix:mode", content.mode());
    }

    /** What is seen now. */
    private static SortedMap<String, FileContent> read(Path data) throws IOException {
        SortedMap<String, FileContent> files = new TreeMap<>();
        Path root = data.toRealPath();
        try (var found = Files.walk(root)) {
            for (Path file :
                    (Iterable<Path>)
                            found.filter(path ->
                                    Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                                    ::iterator) {
                int mode = ((Number) Files.getAttribute(file, "unix:mode")).intValue() & 07777;
                files.put(
                        root.relativize(file).toString(),
                        new FileContent(Files.readAllBytes(file), mode));
            }
        }
        return files;
    }

    /** One link for each name at the top; links to what is gone go. */
    private void linkAll(Set<String> paths) throws IOException {
        Set<String> tops = new TreeSet<>();
        paths.forEach(path -> tops.add(Path.of(path).getName(0).toString()));
        for (String top : tops) {
            Path link = directory.resolve(top);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of(DATA, top));
            }
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path entry : all) {
                String name = String.valueOf(entry.getFileName());
                if (!name.startsWith("..") && !tops.contains(name) && Files.isSymbolicLink(entry)) {
                    Files.delete(entry);
                }
            }
        }
    }

    private void removeOld(Path kept) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "..*")) {
            for (Path entry : all) {
                if (!entry.equals(kept) && !Files.isSymbolicLink(entry)) {
                    Trees.delete(entry);
                }
            }
        }
    }
}
