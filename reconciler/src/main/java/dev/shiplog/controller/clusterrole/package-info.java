/**
 * Owns: cluster roles that are made of others: their rules.
 *
 * <p>Never does: decide who may do what.
 *
 * <p>Read next: {@link dev.shiplog.controller.clusterrole.ClusterRoleController}.
 */
@NullMarked
package dev.shiplog.controller.clusterrole;

import org.jspecify.annotations.NullMarked;
