/**
 * Owns: what a node may do: look after its own Node and the pods that are bound to it, and read
 * what those pods need; as Kubernetes' Node authorizer and NodeRestriction admission.
 *
 * <p>Never does: decide for anybody else.
 *
 * <p>Read next: {@link dev.shiplog.api.auth.node.NodeRules}.
 */
@NullMarked
package dev.shiplog.api.auth.node;

import org.jspecify.annotations.NullMarked;
