package dev.shiplog.node.image;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The full name of an image. {@code busybox}, {@code busybox:latest} and {@code
 * docker.io/library/busybox:latest} are one name.
 *
 * @param registry host, with a port if there is one
 * @param repository path at the registry
 * @param suffix {@code :tag} or {@code @sha256:digest}
 * @see <a href="https://github.com/distribution/reference">the grammar of image references</a>
 */
public record ImageName(String registry, String repository, String suffix) {
    private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern REFERENCE =
            Pattern.compile(
                    "(?:(?<host>localhost(?::[0-9]+)?|\\[[0-9a-fA-F:]+\\](?::[0-9]+)?"
                            + "|[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+(?::[0-9]+)?|[A-Za-z0-9-]+:[0-9]+)/)?"
                            + "(?<path>"
                            + PART
                            + "(?:/"
                            + PART
                            + ")*)"
                            + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
                            + "(?:@(?<digest>sha256:[0-9a-f]{64}))?");
    private static final int LONGEST = 255;

    /**
     * Reads a name as it stands in a pod.
     *
     * @throws IllegalArgumentException if it is no image name; the message is for people
     */
    public static ImageName parse(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        if (text.length() > LONGEST + 80 || !matcher.matches()) {
            throw new IllegalArgumentException(
                    "expected an image name such as busybox:1.37 or registry.example:5000/team/app:2,"
                            + " found \""
                            + text
                            + "\"");
        }
        String host = matcher.group("host");
        String path = matcher.group("path");
        String tag = matcher.group("tag");
        String digest = matcher.group("digest");
        if (host == null || host.equals("index.docker.io")) {
            host = "docker.io";
        }
        if (host.equals("docker.io") && !path.contains("/")) {
            path = "library/" + path;
        }
        // A digest says more than a tag: of both, the tag is for people only.
        String suffix = digest != null ? "@" + digest : ":" + (tag == null ? "latest" : tag);
        return new ImageName(host, path, suffix);
    }

    @Override
    public String toString() {
        return registry + "/" + repository + suffix;
    }
}
