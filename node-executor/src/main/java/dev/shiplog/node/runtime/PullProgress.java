package dev.shiplog.node.runtime;

/**
 * How far a pull is.
 *
 * @param doneBytes received so far
 * @param totalBytes of all layers known so far; 0 while unknown
 */
public record PullProgress(String image, long doneBytes, long totalBytes) {}
