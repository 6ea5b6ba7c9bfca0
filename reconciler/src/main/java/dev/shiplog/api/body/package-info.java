/**
 * Owns: what clients send as the body of a request: JSON, YAML or Kubernetes' protobuf, read into
 * one tree.
 *
 * <p>Never does: know what the fields mean.
 *
 * <p>Read next: {@link dev.shiplog.api.body.Bodies}.
 */
@NullMarked
package dev.shiplog.api.body;

import org.jspecify.annotations.NullMarked;
