package dev.shiplog.resource.schema;

/**
 * One thing that is wrong, or worth knowing, about a document.
 *
 * @param path where
 * @param atKey whether the name of the member is meant, rather than its value
 * @param message complete: it names the path where that helps
 */
public record Finding(FieldPath path, boolean atKey, String message) {}
