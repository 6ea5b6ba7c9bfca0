package dev.shiplog.node.agent;

/** A session with a pod's process cannot be had. The message says why, in Kubernetes' words. */
public final class SessionRefused extends Exception {
    /** Why. */
    public enum Reason {
        /** The node does not run that pod, or the pod has no such container. */
        NOT_FOUND,
        /** The container, or the pod, does not run. */
        NOT_RUNNING,
        /** The command cannot be started in the container. */
        NOT_STARTED,
        /** Nothing listens at the port. */
        NOT_LISTENING,
        /** The node has as many sessions as it may have. */
        TOO_MANY,
        /** The runtime failed. */
        FAILED
    }

    private final Reason reason;

    SessionRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    SessionRefused(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** The message; there always is one. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
