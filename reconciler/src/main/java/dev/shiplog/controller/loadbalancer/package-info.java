/**
 * Owns: the addresses in {@code status.loadBalancer} of Services of type LoadBalancer.
 *
 * <p>Never does: forward anything; touch Services of another {@code loadBalancerClass}.
 *
 * <p>Read next: {@link dev.shiplog.controller.loadbalancer.LoadBalancerController}.
 */
@NullMarked
package dev.shiplog.controller.loadbalancer;

import org.jspecify.annotations.NullMarked;
