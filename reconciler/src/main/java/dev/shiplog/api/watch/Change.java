package dev.shiplog.api.watch;

import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * One resource's step from one revision to the next. At least one side is there. What watchers make
 * of it in the last form that one of them asked for is kept, so that many alike encode it once.
 */
final class Change {
    private final ResourceKey key;
    private final Position version;
    private final @Nullable Resource before;
    private final @Nullable Resource after;
    private volatile @Nullable Frame last;

    Change(ResourceKey key, Position version, @Nullable Resource before, @Nullable Resource after) {
        this.key = key;
        this.version = version;
        this.before = before;
        this.after = after;
    }

    /**
     * @param form everything that the bytes depend on beside the change itself
     */
    record Frame(Object form, byte[] bytes) {}

    ResourceKey key() {
        return key;
    }

    /** The position at which it happened. */
    Position version() {
        return version;
    }

    Optional<Resource> before() {
        return Optional.ofNullable(before);
    }

    Optional<Resource> after() {
        return Optional.ofNullable(after);
    }

    /** The resource as it last was, at the version at which it went. */
    Optional<Resource> gone() {
        return before().map(resource -> resource.with(resource.metadata(), version));
    }

    Optional<byte[]> encoded(Object form) {
        Frame frame = last;
        return frame != null && frame.form().equals(form)
                ? Optional.of(frame.bytes())
                : Optional.empty();
    }

    void keep(Object form, byte[] bytes) {
        last = new Frame(form, bytes);
    }
}
