package dev.shiplog.node.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the runtime keeps what on disk. */
record Layout(Path root) {
    Layout {
        root = root.toAbsolutePath().normalize();
    }

    /** Makes all of its directories; only root may look into them. */
    void create() throws IOException {
        Files.createDirectories(root);
        Files.setAttribute(root, "unix:mode", 0700);
        for (Path path :
                new Path[] {sandboxes(), containers(), namespaces(), events(), logs(), scripts()}) {
            Files.createDirectories(path);
        }
    }

    /** One record per sandbox. */
    Path sandboxes() {
        return root.resolve("sandboxes");
    }

    Path sandbox(String id) {
        return sandboxes().resolve(id + ".json");
    }

    /** One directory per container. */
    Path containers() {
        return root.resolve("containers");
    }

    Path container(String id) {
        return containers().resolve(id);
    }

    /** Directories of containers that are being removed: nobody writes into one any more. */
    Path removed() {
        return root.resolve("removed");
    }

    Path removed(String containerId) {
        return removed().resolve(containerId);
    }

    /** A small file system of its own, so that supervisors can let go of all of it at once. */
    Path namespaces() {
        return root.resolve("ns");
    }

    Path namespaces(String sandboxId) {
        return namespaces().resolve(sandboxId);
    }

    /** What supervisors write; watched. */
    Path events() {
        return root.resolve("events");
    }

    Path started(String containerId) {
        return events().resolve(containerId + ".started");
    }

    Path exited(String containerId) {
        return events().resolve(containerId + ".exited");
    }

    /** Containers' output; watched. */
    Path logs() {
        return root.resolve("logs");
    }

    Path log(String containerId) {
        return logs().resolve(containerId + ".log");
    }

    /** When which part of a log was written. */
    Path times(String containerId) {
        return root.resolve("containers").resolve(containerId).resolve("log.times");
    }

    /** Where a log begins, in bytes; not there while all of it is kept. */
    Path logBegin(String containerId) {
        return container(containerId).resolve("log.begin");
    }

    Path scripts() {
        return root.resolve("scripts");
    }

    /** What the OCI runtime keeps of its containers. */
    Path oci() {
        return root.resolve("oci");
    }

    Path images() {
        return root.resolve("images");
    }
}
