package dev.shiplog.resource.kind;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Function;

/**
 * The columns that the kinds with a pod template share.
 *
 * @param model the class of the Kubernetes model of a kind
 */
record WorkloadColumns<T>(Class<T> model) {
    /**
     * @param more where to read on, with a space before
     */
    Column desired(String more, Function<T, @Nullable Integer> number) {
        return Cells.number(
                "Desired",
                "integer",
                0,
                "Replicas is the number of desired replicas. This is a pointer to distinguish"
                        + " between explicit zero and unspecified. Defaults to 1."
                        + more,
                model,
                number);
    }

    /**
     * @param more where to read on, with a space before
     */
    Column current(String more, Function<T, @Nullable Integer> number) {
        return Cells.number(
                "Current",
                "integer",
                0,
                "Replicas is the most recently observed number of replicas." + more,
                model,
                number);
    }

    /**
     * @param noun such as {@code replica set}
     */
    Column ready(String noun, Function<T, @Nullable Integer> number) {
        return Cells.number(
                "Ready",
                "integer",
                0,
                "The number of ready replicas for this " + noun + ".",
                model,
                number);
    }

    Column containers(Function<T, @Nullable PodTemplateSpec> template) {
        return Cells.text(
                "Containers",
                1,
                "Names of each container in the template.",
                model,
                one -> Cells.containerNames(containers(template.apply(one))));
    }

    Column images(Function<T, @Nullable PodTemplateSpec> template) {
        return Cells.text(
                "Images",
                1,
                "Images referenced by each container in the template.",
                model,
                one -> Cells.images(containers(template.apply(one))));
    }

    private static List<Container> containers(@Nullable PodTemplateSpec template) {
        return template == null ? List.of() : template.getSpec().getContainers();
    }
}
