/**
 * Owns: Deployment: moves replicas from the ReplicaSets of old templates to that of the newest one,
 * at the pace that its strategy allows.
 *
 * <p>Never does: create or delete pods; {@code controller.replicaset} does.
 *
 * <p>Read next: {@link dev.shiplog.controller.deployment.DeploymentController}, then {@link
 * dev.shiplog.controller.deployment.RollingUpdate}.
 */
@NullMarked
package dev.shiplog.controller.deployment;

import org.jspecify.annotations.NullMarked;
