package dev.shiplog.boot;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One cluster on this machine: the folder that holds all of it. Folders lie under {@code
 * $SHIPLOG_HOME}, by default {@code ~/.shiplog}; names that scripts rely on are {@code kubeconfig},
 * {@code ca.crt}, {@code log.db} and {@code server.log}.
 */
public record Profile(String name, Path folder) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");

    public Profile {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "expected a profile name of up to 40 lower-case letters, digits and dashes, found \""
                            + name
                            + "\"");
        }
    }

    /**
     * The folder that all profiles of a user lie in. {@code ~} is what the shell takes for it,
     * {@code $HOME}, since people write {@code ~/.shiplog} there; the JVM would ask the list of
     * users.
     */
    public static Path home(Map<String, String> environment) {
        String home = environment.getOrDefault("SHIPLOG_HOME", "");
        if (!home.isEmpty()) {
            return Path.of(home).toAbsolutePath();
        }
        String user = environment.getOrDefault("HOME", "");
        return Path.of(user.isEmpty() ? System.getProperty("user.home") : user, ".shiplog")
                .toAbsolutePath();
    }

    /** The profile of a name, whether it exists or not. */
    public static Profile of(String name, Map<String, String> environment) {
        return new Profile(name, home(environment).resolve(name));
    }

    /** Every folder of a cluster or of a joined node, by name. */
    public static List<Profile> all(Map<String, String> environment) throws IOException {
        Path home = home(environment);
        if (!Files.isDirectory(home)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(home)) {
            return folders.filter(
                            folder -> NAME.matcher(String.valueOf(folder.getFileName())).matches())
                    .map(folder -> new Profile(String.valueOf(folder.getFileName()), folder))
                    .filter(profile ->
                            profile.exists() || Files.exists(NodeServer.settings(profile)))
                    .sorted(Comparator.comparing(Profile::name))
                    .toList();
        }
    }

    /** Whether a cluster was ever started here. */
    public boolean exists() {
        return Files.exists(log());
    }

    /** Creates the folder, readable by its owner only: it holds keys. */
    public void create() throws IOException {
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** The event log. */
    public Path log() {
        return folder.resolve("log.db");
    }

    /** The bare repository that the cluster serves. */
    public Path repository() {
        return folder.resolve("git").resolve("cluster.git");
    }

    /** The mirror of a repository that the cluster follows. */
    public Path mirror() {
        return folder.resolve("git").resolve("mirror.git");
    }

    /** CA, server and client certificates with their keys. */
    public Path tls() {
        return folder.resolve("tls");
    }

    /** The keys that Secrets are sealed to; apart from the log, which holds what they seal. */
    public Path secrets() {
        return folder.resolve("secrets");
    }

    public Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /** The bearer token of the administrator. */
    public Path token() {
        return folder.resolve("token");
    }

    /** What {@code start} was told, kept for the next start. */
    public Path settings() {
        return folder.resolve("settings.json");
    }

    /** Where the running server answers; there while it runs. */
    public Path endpoint() {
        return folder.resolve("server.json");
    }

    /** The port of the last start. */
    public Path port() {
        return folder.resolve("port");
    }

    public Path serverLog() {
        return folder.resolve("server.log");
    }

    /** The name of the runtime that has the pods. */
    public Path podsHome() {
        return folder.resolve("runtime");
    }

    /** The volumes of pods; those with secrets lie in memory, elsewhere. */
    public Path volumes() {
        return folder.resolve("volumes");
    }

    /** What the process runtime keeps: its pods and its images. */
    public Path processState() {
        return folder.resolve("process");
    }

    /**
     * Says the cluster apart from every other on this machine; in container labels and network
     * names.
     */
    public Path clusterIdFile() {
        return folder.resolve("cluster-id");
    }

    /** The cluster's id, if it was ever started. */
    public Optional<String> clusterId() {
        try {
            return Files.exists(clusterIdFile())
                    ? Optional.of(Files.readString(clusterIdFile()).strip())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the folder and all that is in it; links are deleted, not followed. */
    public void deleteFolder() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
