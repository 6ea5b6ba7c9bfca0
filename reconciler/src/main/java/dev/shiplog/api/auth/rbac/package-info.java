/**
 * Owns: RBAC as Kubernetes has it (rbac.authorization.k8s.io/v1): the rights that the roles and
 * bindings of a state give, whether they cover others, and who may hand them on.
 *
 * <p>Never does: change a state, or know a clock.
 *
 * <p>Read next: {@link dev.shiplog.api.auth.rbac.Policy}.
 */
@NullMarked
package dev.shiplog.api.auth.rbac;

import org.jspecify.annotations.NullMarked;
