package dev.shiplog.node.runtime.docker;

import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image's name in the two parts that the Engine asks for.
 *
 * @param repository with its registry, if one was written
 * @param version the tag, or the digest where one was written; {@code latest} when neither was
 * @see <a href="https://github.com/distribution/reference">the grammar</a>
 */
record ImageName(String repository, String version) {
    private static final String DOMAIN =
            "(?:(?:[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)(?:\\.[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)*"
                    + "|\\[[a-fA-F0-9:]+])(?::[0-9]+)?";
    private static final String PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final Pattern NAME =
            Pattern.compile(
                    "(?<repository>(?:%s/)?%s(?:/%s)*)".formatted(DOMAIN, PART, PART)
                            + "(?::(?<tag>[a-zA-Z0-9_][-a-zA-Z0-9_.]{0,127}))?"
                            + "(?:@(?<digest>[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}))?");
    private static final int MAX_LENGTH = 4096;

    static ImageName parse(String image) throws RuntimeFailure {
        Matcher matcher = NAME.matcher(image);
        if (image.length() > MAX_LENGTH || !matcher.matches()) {
            throw new RuntimeFailure(
                    Kind.INVALID_IMAGE_NAME,
                    ("expected an image name such as registry.example/team/web:1.2, found \"%s\":"
                                    + " lower-case letters and digits, parts divided by '/', then a"
                                    + " tag after ':'")
                            .formatted(image));
        }
        String version = matcher.group("digest");
        if (version == null) {
            version = matcher.group("tag");
        }
        return new ImageName(matcher.group("repository"), version == null ? "latest" : version);
    }
}
