package dev.shiplog.boot;

import dev.shiplog.api.tls.PrivateFiles;
import dev.shiplog.resource.secret.Keyring;
import dev.shiplog.resource.secret.PublicSealingKey;
import dev.shiplog.resource.secret.SealingKey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The cluster's sealing keys in a folder apart from the log: {@code seal.pub} is the public key
 * that seals, each {@code <id>.key} holds one key whole. Deleting such a file erases every value
 * that was sealed to it.
 *
 * <p>Invariant: readers see the folder as it is: a key that was added or erased counts at the next
 * use.
 */
public final class SealingKeys implements Supplier<Keyring> {
    private static final String PUBLIC = "seal.pub";
    private static final String SUFFIX = ".key";

    private final Path folder;
    private Optional<Read> last = Optional.empty();

    private record Read(FileTime changed, Keyring keys) {}

    private SealingKeys(Path folder) {
        this.folder = folder;
    }

    /** Opens a folder of keys; makes it, and a first key, if there is none that seals. */
    public static SealingKeys open(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        SealingKeys keys = new SealingKeys(folder);
        Optional<PublicSealingKey> current = keys.current();
        boolean usable = current.filter(key -> Files.exists(keys.file(key))).isPresent();
        if (!usable) {
            keys.rotate();
        }
        return keys;
    }

    /** The public key that seals, without the private ones; empty if there is none. */
    public static Optional<PublicSealingKey> publicKey(Path folder) throws IOException {
        return new SealingKeys(folder).current();
    }

    /** Makes a new key, which seals from now on; those before it still open. */
    public PublicSealingKey rotate() throws IOException {
        SealingKey key = SealingKey.generate();
        PrivateFiles.write(file(key.publicKey()), key.privateText());
        PrivateFiles.write(folder.resolve(PUBLIC), key.publicKey() + "\n");
        return key.publicKey();
    }

    @Override
    public synchronized Keyring get() {
        try {
            FileTime changed = Files.getLastModifiedTime(folder);
            if (last.isEmpty() || !last.get().changed().equals(changed)) {
                last = Optional.of(new Read(changed, read()));
            }
            return last.get().keys();
        } catch (IOException e) {
            throw new UncheckedIOException("the sealing keys in " + folder + " cannot be read", e);
        }
    }

    private Keyring read() throws IOException {
        PublicSealingKey current =
                current()
                        .orElseThrow(
                                () -> new NoSuchFileException(folder.resolve(PUBLIC).toString()));
        List<SealingKey> keys = new ArrayList<>();
        Optional<SealingKey> sealing = Optional.empty();
        for (Path file : keyFiles()) {
            SealingKey key = parse(file);
            keys.add(key);
            if (key.publicKey().equals(current)) {
                sealing = Optional.of(key);
            }
        }
        if (sealing.isEmpty()) {
            // Erased while the cluster ran: what is sealed from now on needs a key that opens.
            rotate();
            return read();
        }
        return new Keyring(sealing.get(), keys);
    }

    private List<Path> keyFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private static SealingKey parse(Path file) throws IOException {
        try {
            return SealingKey.parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private Optional<PublicSealingKey> current() throws IOException {
        try {
            return Optional.of(PublicSealingKey.parse(Files.readString(folder.resolve(PUBLIC))));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private Path file(PublicSealingKey key) {
        return folder.resolve(key.id() + SUFFIX);
    }
}
