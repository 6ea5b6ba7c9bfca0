/**
 * Owns: changing a manifest's text as a careful person would: what a change of a document means for
 * the file that declares it, and which characters of that file then change.
 *
 * <p>Never does: know of Git, commits or state; read or write a file. Text and wish go in, text
 * comes out.
 *
 * <p>Read next: {@link dev.shiplog.source.edit.ManifestEdit}, then {@link
 * dev.shiplog.source.edit.Documents} (what the file should say) and {@link
 * dev.shiplog.source.edit.TextEdit} (how).
 */
@NullMarked
package dev.shiplog.source.edit;

import org.jspecify.annotations.NullMarked;
