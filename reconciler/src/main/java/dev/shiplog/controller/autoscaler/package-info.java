/**
 * Owns: HorizontalPodAutoscaler: how many replicas there should be, from what pods use, as pure
 * functions of the numbers.
 *
 * <p>Never does: measure, wait, or remember by itself; {@code dev.shiplog.autoscaler} does, and
 * hands in what was measured and what was recommended before.
 *
 * <p>Read next: {@link dev.shiplog.controller.autoscaler.Autoscaler}, then {@link
 * dev.shiplog.controller.autoscaler.MetricRule}.
 */
@NullMarked
package dev.shiplog.controller.autoscaler;

import org.jspecify.annotations.NullMarked;
