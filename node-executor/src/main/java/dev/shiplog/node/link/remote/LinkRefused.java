package dev.shiplog.node.link.remote;

/** The control plane answered, and said no. The message is its own. */
public final class LinkRefused extends RuntimeException {
    private final int code;

    LinkRefused(int code, String message) {
        super("the control plane refused: " + message + " (" + code + ")");
        this.code = code;
    }

    /** The HTTP status. */
    public int code() {
        return code;
    }

    /** Whether the same will be refused again, however often it is tried. */
    public boolean forGood() {
        return code == 400 || code == 403 || code == 404 || code == 413 || code == 422;
    }
}
