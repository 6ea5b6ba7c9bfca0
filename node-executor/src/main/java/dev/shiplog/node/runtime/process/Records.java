package dev.shiplog.node.runtime.process;

import dev.shiplog.node.image.Trees;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads and writes what is known of sandboxes and containers. The disk is the only truth. */
record Records(Layout layout) {
    private static final String CONTAINER = "container.json";

    void write(SandboxRecord sandbox) throws IOException {
        Trees.write(layout.sandbox(sandbox.id()), Json.from(sandbox).bytes());
    }

    void write(ContainerRecord container) throws IOException {
        Trees.write(
                layout.container(container.id()).resolve(CONTAINER), Json.from(container).bytes());
    }

    Optional<SandboxRecord> sandbox(String id) throws IOException {
        return safe(id) ? read(layout.sandbox(id), SandboxRecord.class) : Optional.empty();
    }

    Optional<ContainerRecord> container(String id) throws IOException {
        return safe(id)
                ? read(layout.container(id).resolve(CONTAINER), ContainerRecord.class)
                : Optional.empty();
    }

    List<SandboxRecord> sandboxes() throws IOException {
        List<SandboxRecord> result = new ArrayList<>();
        for (String file : names(layout.sandboxes())) {
            if (file.endsWith(".json")) {
                read(layout.sandboxes().resolve(file), SandboxRecord.class).ifPresent(result::add);
            }
        }
        return result;
    }

    List<ContainerRecord> containers() throws IOException {
        List<ContainerRecord> result = new ArrayList<>();
        for (String id : names(layout.containers())) {
            container(id).ifPresent(result::add);
        }
        return result;
    }

    /** Names in a directory, sorted. */
    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Ids come from callers: none may name a file elsewhere. */
    private static boolean safe(String id) {
        return id.matches("[0-9a-f]{1,64}");
    }

    private static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        try {
            return Optional.of(Json.parse(Files.readString(file)).as(type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IOException("damaged record " + file + ": " + e.getMessage(), e);
        }
    }
}
