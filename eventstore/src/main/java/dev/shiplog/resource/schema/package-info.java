/**
 * Owns: the shape of documents: which fields a type of the Kubernetes model has and what goes into
 * them, and where in a document something is wrong.
 *
 * <p>Never does: judge values that have the right shape (see {@code resource.kind}) or know of
 * lines and columns (see {@code resource.yaml}).
 *
 * <p>Read next: {@link dev.shiplog.resource.schema.Shape}, then {@link
 * dev.shiplog.resource.schema.ShapeCheck}.
 */
@NullMarked
package dev.shiplog.resource.schema;

import org.jspecify.annotations.NullMarked;
