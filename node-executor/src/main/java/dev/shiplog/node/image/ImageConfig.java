package dev.shiplog.node.image;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * What an image says about how to run it: the {@code config} member of an OCI image configuration.
 *
 * @param env each {@code NAME=value}
 * @param workingDir empty when the image names none
 * @param user {@code name}, {@code uid}, {@code name:group}, {@code uid:gid}; empty is root
 * @param stopSignal such as {@code SIGQUIT} or {@code 3}; empty is SIGTERM
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md">OCI image
 *     configuration</a>
 */
public record ImageConfig(
        List<String> entrypoint,
        List<String> cmd,
        List<String> env,
        String workingDir,
        String user,
        String stopSignal) {
    /** What an image without any configuration has. */
    public static final ImageConfig NONE =
            new ImageConfig(List.of(), List.of(), List.of(), "", "", "");

    public ImageConfig {
        entrypoint = List.copyOf(entrypoint);
        cmd = List.copyOf(cmd);
        env = List.copyOf(env);
    }

    /** Reads the {@code config} member of a configuration document. */
    static ImageConfig of(JsonNode document) {
        JsonNode config = document.path("config");
        return new ImageConfig(
                strings(config.path("Entrypoint")),
                strings(config.path("Cmd")),
                strings(config.path("Env")),
                config.path("WorkingDir").asText(""),
                config.path("User").asText(""),
                config.path("StopSignal").asText(""));
    }

    private static List<String> strings(JsonNode list) {
        List<String> result = new ArrayList<>();
        list.forEach(item -> result.add(item.asText()));
        return result;
    }
}
