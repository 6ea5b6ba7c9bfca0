/**
 * Owns: text to documents. Reads YAML and JSON, keeps where every word stood, and says in file,
 * line and column what is wrong with it.
 *
 * <p>Never does: I/O (bytes come in as an argument), or know what a kind means (see {@code
 * resource.kind}) or what fields it has (see {@code resource.schema}).
 *
 * <p>Read next: {@link dev.shiplog.resource.yaml.Manifests}.
 */
@NullMarked
package dev.shiplog.resource.yaml;

import org.jspecify.annotations.NullMarked;
