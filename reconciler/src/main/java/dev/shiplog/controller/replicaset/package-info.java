/**
 * Owns: ReplicaSet and ReplicationController: as many live pods of one template as wished.
 *
 * <p>Never does: choose templates (see {@code controller.deployment}) or nodes (see {@code
 * scheduler}).
 *
 * <p>Read next: {@link dev.shiplog.controller.replicaset.ReplicaSetController}.
 */
@NullMarked
package dev.shiplog.controller.replicaset;

import org.jspecify.annotations.NullMarked;
