/**
 * Owns: what a resource is — its key, metadata, and JSON fragments — and the identifiers that name
 * things.
 *
 * <p>Never does: parsing of YAML, defaulting or validation (see {@code resource.yaml} and {@code
 * resource.kind}), I/O, clocks.
 *
 * <p>Read next: {@link dev.shiplog.resource.Resource}, then {@code dev.shiplog.event.Event}.
 */
@NullMarked
package dev.shiplog.resource;

import org.jspecify.annotations.NullMarked;
