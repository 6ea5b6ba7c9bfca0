package dev.shiplog.node.runtime.process;

import dev.shiplog.node.image.LayeredTree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whom a container runs as.
 *
 * @param home where {@code HOME} points
 */
record RunAs(long uid, long gid, String home) {
    /**
     * Follows the pod's wish, else the image's, with the image's own user list.
     *
     * @param image {@code name}, {@code uid}, {@code name:group} or {@code uid:gid}; empty is root
     * @throws IOException if the image names a user that it does not have
     */
    static RunAs of(OptionalLong wished, String image, LayeredTree tree) throws IOException {
        if (wished.isPresent()) {
            return user(Long.toString(wished.getAsLong()), tree);
        }
        int colon = image.indexOf(':');
        RunAs user = user(colon < 0 ? image : image.substring(0, colon), tree);
        if (colon < 0) {
            return user;
        }
        return new RunAs(user.uid, group(image.substring(colon + 1), tree), user.home);
    }

    private static RunAs user(String name, LayeredTree tree) throws IOException {
        String wanted = name.isEmpty() ? "0" : name;
        // name:password:uid:gid:comment:home:shell
        for (String[] fields : table(tree, "/etc/passwd", 7)) {
            if (fields[0].equals(wanted) || fields[2].equals(wanted)) {
                return new RunAs(number(fields[2]), number(fields[3]), fields[5]);
            }
        }
        if (!wanted.matches("[0-9]{1,10}")) {
            throw new IOException("the image has no user " + name + " in its /etc/passwd");
        }
        return new RunAs(Long.parseLong(wanted), 0, wanted.equals("0") ? "/root" : "/");
    }

    private static long group(String name, LayeredTree tree) throws IOException {
        // name:password:gid:members
        for (String[] fields : table(tree, "/etc/group", 3)) {
            if (fields[0].equals(name) || fields[2].equals(name)) {
                return number(fields[2]);
            }
        }
        return number(name);
    }

    private static List<String[]> table(LayeredTree tree, String path, int columns)
            throws IOException {
        LayeredTree.Place place = tree.resolve(path);
        Optional<Path> file = place.isFile() ? place.file() : Optional.empty();
        if (file.isEmpty()) {
            return List.of();
        }
        return Files.readString(file.get(), StandardCharsets.ISO_8859_1)
                .lines()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length >= columns)
                .toList();
    }

    private static long number(String text) throws IOException {
        if (!text.matches("[0-9]{1,10}")) {
            throw new IOException("expected a user or group of the image, found \"" + text + "\"");
        }
        return Long.parseLong(text);
    }
}
