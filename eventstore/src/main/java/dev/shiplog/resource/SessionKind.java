package dev.shiplog.resource;

/** The ways in which people reach into a pod. */
public enum SessionKind {
    EXEC,
    ATTACH,
    PORT_FORWARD
}
