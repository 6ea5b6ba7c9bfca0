/**
 * Owns: what a patch does to a document: JSON patch, JSON merge patch, strategic merge patch,
 * server-side apply, and who owns which field. Pure functions over trees and a schema.
 *
 * <p>Never does: read requests, know resources or versions, check the result, store anything.
 *
 * <p>Read next: {@link dev.shiplog.api.patch.Patches}, then {@link
 * dev.shiplog.api.patch.ServerSideApply}.
 */
@NullMarked
package dev.shiplog.api.patch;

import org.jspecify.annotations.NullMarked;
