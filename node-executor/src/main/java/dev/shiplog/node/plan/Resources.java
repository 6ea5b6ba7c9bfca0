package dev.shiplog.node.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import io.fabric8.kubernetes.api.model.ResourceRequirements;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a container asks for and may use at most, in the units that runtimes take. */
final class Resources {
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);

    /** The relative weight of one core. */
    private static final long SHARES_PER_CORE = 1024;

    /** The least weight that Linux takes. */
    private static final long LEAST_SHARES = 2;

    private Resources() {}

    static OptionalLong memoryLimit(Container container) {
        return whole(limit(container, "memory"));
    }

    /** How much of something a container asks for, in whole units; 0 if it does not say. */
    static long request(Container container, String resource) {
        return whole(requested(container, resource)).orElse(0);
    }

    static OptionalLong cpuLimitNanos(Container container) {
        return whole(limit(container, "cpu").map(NANOS::multiply));
    }

    static OptionalLong cpuShares(Container container) {
        Optional<BigDecimal> cores = requested(container, "cpu");
        return cores.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(
                        Math.max(
                                LEAST_SHARES,
                                cores.get()
                                        .multiply(BigDecimal.valueOf(SHARES_PER_CORE))
                                        .longValue()));
    }

    /** The text of a {@code resourceFieldRef}: the amount in units of the divisor, rounded up. */
    static String reference(
            PodTask task, Container self, ResourceFieldSelector selector, NodeFacts node)
            throws ConfigError {
        Container container = named(task, self, selector.getContainerName());
        String resource = selector.getResource();
        BigDecimal amount =
                switch (resource) {
                    case "limits.cpu" -> limit(container, "cpu").orElse(allCpu(node));
                    case "limits.memory" -> limit(container, "memory").orElse(allMemory(node));
                    case "limits.ephemeral-storage" ->
                            limit(container, "ephemeral-storage").orElse(BigDecimal.ZERO);
                    case "requests.cpu" -> requested(container, "cpu").orElse(BigDecimal.ZERO);
                    case "requests.memory" ->
                            requested(container, "memory").orElse(BigDecimal.ZERO);
                    case "requests.ephemeral-storage" ->
                            requested(container, "ephemeral-storage").orElse(BigDecimal.ZERO);
                    default ->
                            throw new ConfigError(
                                    "expected limits.cpu, limits.memory, requests.cpu or the like,"
                                            + " found resource \""
                                            + resource
                                            + "\"");
                };
        return amount.divide(divisor(selector.getDivisor()), 0, RoundingMode.CEILING)
                .toPlainString();
    }

    private static Container named(PodTask task, Container self, @Nullable String name)
            throws ConfigError {
        if (name == null || name.isEmpty() || name.equals(self.getName())) {
            return self;
        }
        for (Container container : task.mainContainers()) {
            if (container.getName().equals(name)) {
                return container;
            }
        }
        throw new ConfigError(
                "expected the name of a container of the pod, found \"" + name + "\"");
    }

    private static BigDecimal divisor(@Nullable Quantity divisor) {
        BigDecimal value = divisor == null ? BigDecimal.ONE : divisor.getNumericalAmount();
        return value.signum() == 0 ? BigDecimal.ONE : value;
    }

    private static BigDecimal allCpu(NodeFacts node) {
        return BigDecimal.valueOf(node.cpuNanos()).divide(NANOS);
    }

    private static BigDecimal allMemory(NodeFacts node) {
        return BigDecimal.valueOf(node.memoryBytes());
    }

    private static Optional<BigDecimal> limit(Container container, String resource) {
        ResourceRequirements resources = container.getResources();
        return resources == null ? Optional.empty() : amount(resources.getLimits(), resource);
    }

    /** A request that is not made is as large as the limit. */
    private static Optional<BigDecimal> requested(Container container, String resource) {
        ResourceRequirements resources = container.getResources();
        return resources == null
                ? Optional.empty()
                : amount(resources.getRequests(), resource).or(() -> limit(container, resource));
    }

    private static Optional<BigDecimal> amount(
            @Nullable Map<String, Quantity> amounts, String resource) {
        return amounts == null
                ? Optional.empty()
                : Optional.ofNullable(amounts.get(resource)).map(Quantity::getNumericalAmount);
    }

    private static OptionalLong whole(Optional<BigDecimal> amount) {
        return amount.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(amount.get().setScale(0, RoundingMode.CEILING).longValue());
    }
}
