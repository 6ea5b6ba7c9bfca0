package dev.shiplog.node.runtime;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The file system of a busybox image, made from one statically linked busybox binary, for machines
 * that no registry answers. The same binary gives the same bytes, hence the same image id.
 */
public final class BusyboxImage {
    /** What the image runs when a pod says nothing. */
    public static final List<String> COMMAND = List.of("sh");

    private static final int EXECUTABLE = 0755;
    private static final int EVERYBODYS = 01777;
    private static final int LIST_SECONDS = 10;
    private static final int ELF_HEADER_BYTES = 64;
    private static final int PT_INTERP = 3;

    private BusyboxImage() {}

    /** The machine's own busybox, if it has one. */
    public static Optional<Path> onThisMachine() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Stream.of("/bin", "/usr/bin"), Stream.of(path.split(":")))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "busybox"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Writes the file system as a tar archive; leaves {@code out} open.
     *
     * @throws IOException when the binary is dynamically linked, cannot be read or does not run
     *     here; the message says which
     */
    public static void rootfsTar(Path busybox, OutputStream out) throws IOException {
        byte[] binary = Files.readAllBytes(busybox);
        requireStatic(busybox, binary);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        for (String folder : List.of("bin/", "etc/", "root/", "usr/", "usr/bin/", "var/")) {
            folder(tar, folder, EXECUTABLE);
        }
        folder(tar, "tmp/", EVERYBODYS);
        file(tar, "etc/passwd", 0644, text("root:x:0:0:root:/root:/bin/sh\n"));
        file(tar, "etc/group", 0644, text("root:x:0:\n"));
        file(tar, "bin/busybox", EXECUTABLE, binary);
        for (String applet : applets(busybox)) {
            link(tar, "bin/" + applet, "busybox");
        }
        link(tar, "usr/bin/env", "../../bin/busybox");
        tar.finish();
    }

    private static SortedSet<String> applets(Path busybox) throws IOException {
        Process list = new ProcessBuilder(busybox.toString(), "--list").start();
        try (InputStream output = list.getInputStream()) {
            String names = new String(output.readAllBytes(), StandardCharsets.US_ASCII);
            if (!list.waitFor(LIST_SECONDS, TimeUnit.SECONDS) || list.exitValue() != 0) {
                throw new IOException(
                        "expected " + busybox + " --list to name its applets, but it failed");
            }
            SortedSet<String> applets = new TreeSet<>(names.lines().map(String::strip).toList());
            applets.removeIf(name -> name.isEmpty() || name.equals("busybox"));
            return applets;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking " + busybox + " for its applets");
        }
    }

    /** A dynamically linked program names its loader in a program header of type PT_INTERP. */
    private static void requireStatic(Path path, byte[] binary) throws IOException {
        ByteBuffer elf = ByteBuffer.wrap(binary).order(ByteOrder.LITTLE_ENDIAN);
        if (binary.length < ELF_HEADER_BYTES || elf.getInt(0) != 0x464c457f || elf.get(4) != 2) {
            throw new IOException("expected a 64-bit ELF program, found something else: " + path);
        }
        int headers = (int) elf.getLong(32);
        int size = elf.getShort(54);
        int count = elf.getShort(56);
        for (int i = 0; i < count; i++) {
            if (elf.getInt(headers + i * size) == PT_INTERP) {
                throw new IOException(
                        path
                                + " is dynamically linked and would find no libraries in an image;"
                                + " install the package busybox-static");
            }
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void folder(TarArchiveOutputStream tar, String name, int mode)
            throws IOException {
        put(tar, new TarArchiveEntry(name), mode);
        tar.closeArchiveEntry();
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, byte[] content)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        put(tar, entry, mode);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, String target)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        put(tar, entry, 0777);
        tar.closeArchiveEntry();
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode)
            throws IOException {
        entry.setMode(mode);
        entry.setModTime(0L);
        entry.setIds(0, 0);
        entry.setNames("", "");
        tar.putArchiveEntry(entry);
    }
}
