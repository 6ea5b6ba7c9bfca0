package dev.shiplog.node.runtime;

/** The runtime could not do what it was asked. The message is fit for {@code kubectl describe}. */
public final class RuntimeFailure extends Exception {
    /** What kind of failure; it decides what is tried next. */
    public enum Kind {
        /** No registry has an image of that name, or not without credentials. */
        IMAGE_NOT_FOUND,
        /** The registry did not answer. */
        REGISTRY_UNREACHABLE,
        /** The image's name is not a name. */
        INVALID_IMAGE_NAME,
        /** The command cannot be started: not found, not executable. */
        START_FAILED,
        /** The specification cannot be met on this machine: port taken, volume unknown. */
        INVALID_SPEC,
        /** What was to be reached does not run. */
        NOT_RUNNING,
        /** Nothing in the pod listens there. */
        REFUSED,
        /** The runtime itself does not answer: everything is tried again later. */
        UNAVAILABLE,
        /** Anything else. */
        OTHER
    }

    private final Kind kind;

    public RuntimeFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public RuntimeFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
