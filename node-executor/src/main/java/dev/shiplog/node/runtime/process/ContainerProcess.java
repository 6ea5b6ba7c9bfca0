package dev.shiplog.node.runtime.process;

import dev.shiplog.node.image.ImageConfig;
import dev.shiplog.node.image.LayeredTree;
import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.RuntimeFailure;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a container runs, resolved from the pod and the image.
 *
 * @param env each {@code NAME=value}
 */
record ContainerProcess(List<String> words, List<String> env, String directory, RunAs user) {
    private static final String DEFAULT_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int EXECUTABLE = 0111;

    ContainerProcess {
        words = List.copyOf(words);
        env = List.copyOf(env);
    }

    /** Puts the pod's wishes over the image's. */
    static ContainerProcess of(
            ContainerSpec spec, ImageConfig image, String hostname, LayeredTree tree)
            throws RuntimeFailure, IOException {
        List<String> words = words(spec, image);
        RunAs user = RunAs.of(spec.user(), image.user(), tree);
        Map<String, String> env = new LinkedHashMap<>();
        env.put("PATH", DEFAULT_PATH);
        env.put("HOSTNAME", hostname);
        env.put("HOME", user.home());
        if (spec.tty()) {
            env.put("TERM", "xterm");
        }
        for (String entry : image.env()) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                env.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        env.putAll(spec.env());
        String directory =
                spec.workingDir()
                        .filter(wish -> !wish.isEmpty())
                        .orElse(image.workingDir().isEmpty() ? "/" : image.workingDir());
        if (!directory.startsWith("/")) {
            throw startFailed("expected an absolute working directory, found " + directory);
        }
        List<String> entries = new ArrayList<>();
        env.forEach((name, value) -> entries.add(name + "=" + value));
        return new ContainerProcess(words, entries, directory, user);
    }

    private static List<String> words(ContainerSpec spec, ImageConfig image) throws RuntimeFailure {
        List<String> words = new ArrayList<>();
        if (!spec.command().isEmpty()) {
            words.addAll(spec.command());
            words.addAll(spec.args());
        } else {
            words.addAll(image.entrypoint());
            words.addAll(spec.args().isEmpty() ? image.cmd() : spec.args());
        }
        if (words.isEmpty()) {
            throw startFailed(
                    "neither the pod nor the image " + spec.image() + " says which command to run");
        }
        return words;
    }

    /**
     * Looks for the command before anything is started, so that every way of running containers
     * says the same of one that is not there. One in the machine's files is not looked for.
     *
     * @throws RuntimeFailure {@code START_FAILED}
     */
    void requireExecutable(LayeredTree tree, MountPoints mounts)
            throws RuntimeFailure, IOException {
        String command = words.getFirst();
        if (command.contains("/")) {
            String path = command.startsWith("/") ? command : directory + "/" + command;
            LayeredTree.Place place = tree.resolve(path);
            if (mounts.cover(place.path())) {
                return;
            }
            if (place.file().isEmpty()) {
                throw startFailed("exec: \"" + command + "\": no such file in the image");
            }
            if (!executable(place)) {
                throw startFailed("exec: \"" + command + "\": is not executable");
            }
            return;
        }
        String path =
                env.stream()
                        .filter(entry -> entry.startsWith("PATH="))
                        .findFirst()
                        .map(entry -> entry.substring("PATH=".length()))
                        .orElse(DEFAULT_PATH);
        for (String folder : path.split(":", -1)) {
            LayeredTree.Place place = tree.resolve(folder + "/" + command);
            if (mounts.cover(place.path()) || executable(place)) {
                return;
            }
        }
        throw startFailed(
                "exec: \"" + command + "\": executable file not found in $PATH (" + path + ")");
    }

    private static boolean executable(LayeredTree.Place place) throws IOException {
        return place.isFile()
                && (((Number) Files.getAttribute(place.file().orElseThrow(), "unix:mode"))
                                        .intValue()
                                & EXECUTABLE)
                        != 0;
    }

    private static RuntimeFailure startFailed(String message) {
        return new RuntimeFailure(RuntimeFailure.Kind.START_FAILED, message);
    }
}
