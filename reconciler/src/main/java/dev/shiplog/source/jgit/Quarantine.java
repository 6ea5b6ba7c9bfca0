package dev.shiplog.source.jgit;

import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryBuilder;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where the objects of a push lie until it is known whether any of it is taken, as Git's own
 * receive-pack does it (git-scm.com/docs/git-receive-pack, "Quarantine Environment"). What is
 * refused is gone with it: nobody can ask for an object that no reference ever showed.
 *
 * <p>Invariant: {@link #repository()} sees the repository's own objects and those of the push; the
 * repository sees the latter only after {@link #release()}.
 */
final class Quarantine implements AutoCloseable {
    private static final String PREFIX = "incoming-";

    private final ObjectDirectory objects;
    private final Path folder;
    private final Repository repository;

    private Quarantine(ObjectDirectory objects, Path folder, Repository repository) {
        this.objects = objects;
        this.folder = folder;
        this.repository = repository;
    }

    static Quarantine open(Repository own) throws IOException {
        ObjectDirectory objects = BareRepository.objects(own);
        Path folder =
                Files.createDirectory(
                        objects.getDirectory().toPath().resolve(PREFIX + UUID.randomUUID()));
        Files.createDirectory(folder.resolve("pack"));
        Repository repository =
                new RepositoryBuilder()
                        .setBare()
                        .setGitDir(own.getDirectory())
                        .setObjectDirectory(folder.toFile())
                        .addAlternateObjectDirectory(objects.getDirectory())
                        .build();
        BareRepository.configure(repository.getConfig());
        return new Quarantine(objects, folder, repository);
    }

    /** Deletes what pushes left that were under way when the program ended. */
    static void clear(Repository own) throws IOException {
        List<Path> left;
        try (Stream<Path> all = Files.list(BareRepository.objects(own).getDirectory().toPath())) {
            left = all.filter(Quarantine::quarantine).toList();
        }
        for (Path folder : left) {
            delete(folder);
        }
    }

    private static boolean quarantine(Path folder) {
        return String.valueOf(folder.getFileName()).startsWith(PREFIX);
    }

    Repository repository() {
        return repository;
    }

    /** Gives the objects to the repository; their names are not durable yet. */
    void release() throws IOException {
        Path packs = objects.getPackDirectory().toPath();
        Files.createDirectories(packs);
        List<Path> files;
        try (Stream<Path> all = Files.list(folder.resolve("pack"))) {
            // A pack is found by its index, which comes last.
            files =
                    all.sorted(
                                    Comparator.comparing(
                                            (Path file) -> file.toString().endsWith(".idx")))
                            .toList();
        }
        for (Path file : files) {
            Path there = packs.resolve(file.getFileName());
            try {
                Files.createLink(there, file);
            } catch (FileAlreadyExistsException _) {
                // A pack is named by its content: somebody has pushed the same.
            }
        }
        for (Path file : files) {
            if (file.toString().endsWith(".pack")) {
                objects.openPack(packs.resolve(file.getFileName()).toFile());
            }
        }
    }

    /** Deletes what is here; what was released stays in the repository. */
    @Override
    public void close() throws IOException {
        repository.close();
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }
}
