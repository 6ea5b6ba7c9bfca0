package dev.shiplog.node.plan;

/** What is known of the image for the next start of a container. */
enum ImageState {
    UNKNOWN,
    ABSENT,
    /** A pull is under way, and people were told of it. */
    PULLING,
    HERE
}
