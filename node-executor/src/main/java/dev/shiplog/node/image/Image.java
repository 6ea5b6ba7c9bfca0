package dev.shiplog.node.image;

import java.nio.file.Path;
import java.util.List;

/**
 * An image that is here.
 *
 * @param name its full name
 * @param id {@code sha256:} and the digest of its configuration document
 * @param layers directories, the lowest first; deletions are overlayfs whiteouts in them
 */
public record Image(String name, String id, ImageConfig config, List<Path> layers) {
    public Image {
        layers = List.copyOf(layers);
    }

    /** Its files as a container sees them before it has written any. */
    public LayeredTree tree() {
        return new LayeredTree(layers.reversed());
    }
}
