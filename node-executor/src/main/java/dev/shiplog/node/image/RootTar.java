package dev.shiplog.node.image;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A directory of files as a tar archive that depends on its content only, so that equal ids mean
 * equal files.
 */
final class RootTar {
    private RootTar() {}

    /** Writes {@code tar} and gives it back. */
    static Path of(Path root, Path tar) throws IOException {
        try (TarArchiveOutputStream out =
                        new TarArchiveOutputStream(
                                new BufferedOutputStream(Files.newOutputStream(tar), 1 << 16),
                                StandardCharsets.UTF_8.name());
                Stream<Path> walk = Files.walk(root)) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            List<Path> files = walk.filter(file -> !file.equals(root)).sorted().toList();
            Map<Object, String> written = new HashMap<>();
            for (Path file : files) {
                put(out, file, root.relativize(file).toString(), written);
            }
        }
        return tar;
    }

    private static void put(
            TarArchiveOutputStream out, Path file, String name, Map<Object, String> written)
            throws IOException {
        Map<String, Object> is =
                Files.readAttributes(
                        file,
                        "unix:mode,uid,gid,nlink,fileKey,isDirectory,isSymbolicLink,isRegularFile,size",
                        LinkOption.NOFOLLOW_LINKS);
        TarArchiveEntry entry;
        boolean content = false;
        if (Boolean.TRUE.equals(is.get("isDirectory"))) {
            entry = new TarArchiveEntry(name + "/");
        } else if (Boolean.TRUE.equals(is.get("isSymbolicLink"))) {
            entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            entry.setLinkName(Files.readSymbolicLink(file).toString());
        } else if (Boolean.TRUE.equals(is.get("isRegularFile"))) {
            String twin = written.putIfAbsent(is.get("fileKey"), name);
            entry =
                    new TarArchiveEntry(
                            name, twin == null ? TarConstants.LF_NORMAL : TarConstants.LF_LINK);
            content = twin == null;
            if (twin == null) {
                entry.setSize(number(is, "size"));
            } else {
                entry.setLinkName(twin);
            }
        } else {
            return;
        }
        entry.setMode((int) number(is, "mode") & 07777);
        entry.setUserId(number(is, "uid"));
        entry.setGroupId(number(is, "gid"));
        entry.setModTime(FileTime.fromMillis(0));
        out.putArchiveEntry(entry);
        if (content) {
            Files.copy(file, out);
        }
        out.closeArchiveEntry();
    }

    private static long number(Map<String, Object> attributes, String name) {
        return ((Number) Objects.requireNonNull(attributes.get(name), name)).longValue();
    }
}
