package dev.shiplog.resource;

/** What becomes of the dependents of a resource that is deleted. */
public enum Propagation {
    /** The resource goes at once; its dependents are collected after it. */
    BACKGROUND,
    /** The dependents go first. */
    FOREGROUND,
    /** The dependents live on without an owner. */
    ORPHAN
}
