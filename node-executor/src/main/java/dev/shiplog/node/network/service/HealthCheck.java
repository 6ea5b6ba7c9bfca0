package dev.shiplog.node.network.service;

import dev.shiplog.resource.ResourceKey;

/**
 * What a load balancer may ask this node about a Service.
 *
 * @param port {@code spec.healthCheckNodePort}
 * @param localEndpoints how many of this node answer; none means: send nothing here
 */
public record HealthCheck(int port, ResourceKey service, int localEndpoints) {}
