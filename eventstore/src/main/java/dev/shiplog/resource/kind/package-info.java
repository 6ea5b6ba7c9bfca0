/**
 * Owns: one table per kind: its names, versions, scope, model class, printed columns, defaulting,
 * validation and version conversion, in one place per kind.
 *
 * <p>Never does: read text (see {@code resource.yaml}) or know of clusters and states.
 *
 * <p>Read next: {@link dev.shiplog.resource.kind.Kinds}, then one kind's table.
 */
@NullMarked
package dev.shiplog.resource.kind;

import org.jspecify.annotations.NullMarked;
