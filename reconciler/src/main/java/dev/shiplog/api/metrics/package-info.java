/**
 * Owns: the API group {@code metrics.k8s.io}: what pods and nodes use now.
 *
 * <p>Never does: write anything down; measurements are no events.
 *
 * <p>Read next: {@link dev.shiplog.api.metrics.MetricsApi}.
 */
@NullMarked
package dev.shiplog.api.metrics;

import org.jspecify.annotations.NullMarked;
