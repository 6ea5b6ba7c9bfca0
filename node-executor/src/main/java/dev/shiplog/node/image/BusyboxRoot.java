package dev.shiplog.node.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The files of an image that holds busybox and nothing else. */
final class BusyboxRoot {
    /** How to run it: a shell, and a path to every applet. */
    static final String CONFIG =
            """
            {"Cmd": ["sh"], "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}
            """;

    private static final long LIMIT_SECONDS = 10;

    private BusyboxRoot() {}

    static void build(Path busybox, Path root) throws IOException {
        requireStatic(busybox);
        for (String name :
                List.of(
                        "bin",
                        "dev",
                        "etc",
                        "home",
                        "proc",
                        "root",
                        "sys",
                        "usr",
                        "usr/bin",
                        "usr/sbin",
                        "var",
                        "var/spool")) {
            Files.setAttribute(Files.createDirectory(root.resolve(name)), "unix:mode", 0755);
        }
        Files.setAttribute(root.resolve("root"), "unix:mode", 0700);
        for (String name : List.of("tmp", "var/tmp")) {
            Files.setAttribute(Files.createDirectory(root.resolve(name)), "unix:mode", 01777);
        }
        Path binary = root.resolve("bin/busybox");
        Files.copy(busybox, binary, StandardCopyOption.REPLACE_EXISTING);
        Files.setAttribute(binary, "unix:mode", 0755);
        // The original is asked: a file just written may still count as open for writing.
        for (String applet : applets(busybox)) {
            // Some packages list the program itself among its applets.
            if (applet.matches("[A-Za-z0-9_.\\[-]+") && !applet.equals("busybox")) {
                Files.createLink(root.resolve("bin").resolve(applet), binary);
            }
        }
        // Scripts name this path.
        Files.createSymbolicLink(root.resolve("usr/bin/env"), Path.of("../../bin/env"));
        write(
                root,
                "etc/passwd",
                "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nwww-data:x:33:33:www-data:/var/www:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n");
        write(
                root,
                "etc/group",
                "root:x:0:\ndaemon:x:1:\ntty:x:5:\nwww-data:x:33:\nnogroup:x:65534:\n");
    }

    private static void write(Path root, String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.writeString(file, text);
        Files.setAttribute(file, "unix:mode", 0644);
    }

    private static void requireStatic(Path busybox) throws IOException {
        if (!Files.isRegularFile(busybox) || !Files.isExecutable(busybox)) {
            throw new IOException("expected the busybox program, found none: " + busybox);
        }
        if (ElfFile.interpreter(busybox)) {
            throw new IOException(
                    "expected a statically linked busybox, found one that needs shared libraries: "
                            + busybox
                            + ". Install the package busybox-static (Debian, Ubuntu) or give another"
                            + " binary");
        }
    }

    private static List<String> applets(Path busybox) throws IOException {
        Process process =
                new ProcessBuilder(busybox.toString(), "--list").redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(busybox + " --list failed: " + said.strip());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while listing busybox's applets", e);
        }
        return said.lines().map(String::strip).filter(line -> !line.isEmpty()).distinct().toList();
    }
}
