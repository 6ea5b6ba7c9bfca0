package dev.shiplog.node.report;

import dev.shiplog.resource.Resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The quality of service that a pod's requests and limits amount to.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/">the rules of
 *     Kubernetes</a>
 */
final class QosClass {
    private static final List<String> COUNTED = List.of("cpu", "memory");

    private QosClass() {}

    static String of(Resource pod) {
        Pod typed = pod.as(Pod.class);
        List<Container> all =
                Stream.concat(
                                typed.getSpec().getInitContainers().stream(),
                                typed.getSpec().getContainers().stream())
                        .toList();
        if (all.stream().allMatch(QosClass::asksForNothing)) {
            return "BestEffort";
        }
        return all.stream().allMatch(QosClass::guaranteed) ? "Guaranteed" : "Burstable";
    }

    private static boolean asksForNothing(Container container) {
        return COUNTED.stream()
                .allMatch(r -> !positive(limit(container, r)) && !positive(request(container, r)));
    }

    private static boolean guaranteed(Container container) {
        return COUNTED.stream()
                .allMatch(r -> {
                    Quantity limit = limit(container, r);
                    Quantity request = request(container, r);
                    return positive(limit) && (request == null || request.equals(limit));
                });
    }

    private static boolean positive(@Nullable Quantity quantity) {
        return quantity != null && quantity.getNumericalAmount().signum() > 0;
    }

    private static @Nullable Quantity limit(Container container, String resource) {
        ResourceRequirements resources = container.getResources();
        return resources == null ? null : get(resources.getLimits(), resource);
    }

    private static @Nullable Quantity request(Container container, String resource) {
        ResourceRequirements resources = container.getResources();
        return resources == null ? null : get(resources.getRequests(), resource);
    }

    private static @Nullable Quantity get(
            @Nullable Map<String, Quantity> amounts, String resource) {
        return amounts == null ? null : amounts.get(resource);
    }
}
