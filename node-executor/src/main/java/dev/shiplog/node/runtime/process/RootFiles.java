package dev.shiplog.node.runtime.process;

import dev.shiplog.node.image.LayeredTree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A container's files before it starts: the image's layers, and over them a directory for what it
 * writes. Puts files there without ever following an image's link out of it.
 */
final class RootFiles {
    private final Path upper;
    private final LayeredTree tree;

    /**
     * @param image the image's layers
     * @param upper what is laid over them
     */
    RootFiles(LayeredTree image, Path upper) {
        this.upper = upper;
        List<Path> layers = new ArrayList<>();
        layers.add(upper);
        layers.addAll(image.layers());
        this.tree = new LayeredTree(layers);
    }

    LayeredTree tree() {
        return tree;
    }

    /** Makes a directory and those above it, as far as they are missing. */
    void directory(String path) throws IOException {
        LayeredTree.Place place = tree.resolve(path);
        if (place.isDirectory()) {
            return;
        }
        if (place.file().isPresent()) {
            throw new IOException("expected a directory in the image, found a file: " + path);
        }
        inUpper(place.path());
    }

    /** Makes an empty file, and the directories above it, unless there is one. */
    void file(String path) throws IOException {
        LayeredTree.Place place = tree.resolve(path);
        if (place.isDirectory()) {
            throw new IOException("expected a file in the image, found a directory: " + path);
        }
        if (place.file().isEmpty()) {
            write(place.path(), "");
        }
    }

    /** Makes a directory that no link leads to: something is mounted on it. */
    void mountPoint(String path) throws IOException {
        LayeredTree.Place place = tree.resolve(path);
        if (!place.path().equals(path)) {
            throw new IOException(
                    "expected a directory in the image, found a link: "
                            + path
                            + " leads to "
                            + place.path());
        }
        directory(path);
    }

    /** Writes a file over whatever the image has there. */
    void write(String path, String text) throws IOException {
        String parent = path.substring(0, path.lastIndexOf('/'));
        String name = path.substring(path.lastIndexOf('/') + 1);
        LayeredTree.Place directory = tree.resolve(parent);
        if (directory.file().isPresent() && !directory.isDirectory()) {
            throw new IOException("expected a directory in the image, found a file: " + parent);
        }
        Path file = inUpper(directory.path()).resolve(name);
        Files.deleteIfExists(file);
        Files.writeString(file, text);
        Files.setAttribute(file, "unix:mode", 0644);
    }

    /** The same directory in the upper one, with the owners and modes that the image gives. */
    private Path inUpper(String path) throws IOException {
        Path directory = upper;
        StringBuilder walked = new StringBuilder();
        for (String name : path.split("/", -1)) {
            if (name.isEmpty()) {
                continue;
            }
            walked.append('/').append(name);
            directory = directory.resolve(name);
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            LayeredTree.Place below = tree.resolve(walked.toString());
            Files.createDirectory(directory);
            if (below.file().isPresent()) {
                for (String attribute : List.of("unix:uid", "unix:gid", "unix:mode")) {
                    Files.setAttribute(
                            directory,
                            attribute,
                            Files.getAttribute(below.file().get(), attribute));
                }
            } else {
                Files.setAttribute(directory, "unix:mode", 0755);
            }
        }
        return directory;
    }
}
