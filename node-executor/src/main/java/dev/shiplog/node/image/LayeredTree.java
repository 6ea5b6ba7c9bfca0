package dev.shiplog.node.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Directories laid over each other as overlayfs does, read without mounting them. Symbolic links
 * are followed inside the tree only: {@code /etc} in a link is the tree's, never the machine's.
 *
 * @param layers the uppermost first
 */
public record LayeredTree(List<Path> layers) {
    /** The kernel's own limit on links in one path. */
    private static final int MAX_LINKS = 40;

    public LayeredTree {
        layers = List.copyOf(layers);
    }

    /**
     * Where a path leads once every link in it is followed.
     *
     * @param path without links, as far as it exists; absolute, in the tree
     * @param file on this machine's disk; empty if nothing is there
     */
    public record Place(String path, Optional<Path> file) {
        /** Whether a directory is there. */
        public boolean isDirectory() {
            return file.isPresent() && Files.isDirectory(file.get(), LinkOption.NOFOLLOW_LINKS);
        }

        /** Whether a regular file is there. */
        public boolean isFile() {
            return file.isPresent() && Files.isRegularFile(file.get(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    /**
     * Follows a path.
     *
     * @throws IOException if the disk fails or the links go round in circles
     */
    public Place resolve(String path) throws IOException {
        Deque<String> rest = new ArrayDeque<>();
        push(rest, path);
        Deque<Step> walked = new ArrayDeque<>();
        walked.push(new Step("", layers));
        int links = 0;
        while (!rest.isEmpty()) {
            String name = rest.pop();
            if (name.equals("..")) {
                if (walked.size() > 1) {
                    walked.pop();
                }
                continue;
            }
            Step next = walked.getFirst().down(name);
            Path file = next.files.isEmpty() ? null : next.files.getFirst();
            if (file == null || !Files.isSymbolicLink(file)) {
                walked.push(next);
                continue;
            }
            if (++links > MAX_LINKS) {
                throw new IOException("too many symbolic links in " + path);
            }
            String target = Files.readSymbolicLink(file).toString();
            if (target.startsWith("/")) {
                while (walked.size() > 1) {
                    walked.pop();
                }
            }
            push(rest, target);
        }
        return place(walked);
    }

    private static Place place(Deque<Step> walked) {
        StringBuilder path = new StringBuilder();
        walked.descendingIterator()
                .forEachRemaining(step -> path.append(step.name.isEmpty() ? "" : "/" + step.name));
        List<Path> files = walked.getFirst().files;
        return new Place(
                path.isEmpty() ? "/" : path.toString(),
                files.isEmpty() ? Optional.empty() : Optional.of(files.getFirst()));
    }

    /** Puts a path's names in front of the rest. */
    private static void push(Deque<String> rest, String path) {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        names.reversed().forEach(rest::push);
    }

    /** A name, and what stands under it in each layer that counts; none: it does not exist. */
    private record Step(String name, List<Path> files) {
        Step down(String child) throws IOException {
            List<Path> found = new ArrayList<>();
            for (Path file : files) {
                Path candidate = file.resolve(child);
                if (!Files.exists(candidate, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                BasicFileAttributes is =
                        Files.readAttributes(
                                candidate, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                // A whiteout, or anything but a directory, hides all layers below it.
                if (is.isOther() && Whiteouts.isWhiteout(candidate)) {
                    break;
                }
                if (!is.isDirectory()) {
                    if (found.isEmpty()) {
                        found.add(candidate);
                    }
                    break;
                }
                found.add(candidate);
            }
            return new Step(child, found);
        }
    }
}
