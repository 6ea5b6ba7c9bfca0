package dev.shiplog.resource.kind;

import dev.shiplog.resource.GroupKind;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;

import java.util.List;

/** Deployment: replaces one ReplicaSet by the next, step by step. */
final class DeploymentTable {
    private static final Class<Deployment> MODEL = Deployment.class;
    private static final WorkloadColumns<Deployment> SHARED = new WorkloadColumns<>(MODEL);

    static final Kind KIND =
            new Kind(
                    GroupKind.DEPLOYMENT,
                    "deployments",
                    "deployment",
                    List.of("deploy"),
                    List.of("all"),
                    true,
                    "apps/v1",
                    List.of("apps/v1", "apps/v1beta2", "apps/v1beta1", "extensions/v1beta1"),
                    true,
                    MODEL,
                    columns(),
                    new DeploymentRules());

    private DeploymentTable() {}

    private static List<Column> columns() {
        return List.of(
                Cells.name(0),
                Cells.text(
                        "Ready",
                        0,
                        "Number of the pod with ready state",
                        MODEL,
                        deployment ->
                                Cells.orZero(status(deployment).getReadyReplicas())
                                        + "/"
                                        + Cells.orZero(deployment.getSpec().getReplicas())),
                Cells.number(
                        "Up-to-date",
                        "string",
                        0,
                        "Total number of non-terminated pods targeted by this deployment that have"
                                + " the desired template spec.",
                        MODEL,
                        deployment -> status(deployment).getUpdatedReplicas()),
                Cells.number(
                        "Available",
                        "string",
                        0,
                        "Total number of available pods (ready for at least minReadySeconds)"
                                + " targeted by this deployment.",
                        MODEL,
                        deployment -> status(deployment).getAvailableReplicas()),
                Cells.age(),
                SHARED.containers(deployment -> deployment.getSpec().getTemplate()),
                SHARED.images(deployment -> deployment.getSpec().getTemplate()),
                Cells.text(
                        "Selector",
                        1,
                        "Label selector for pods. Existing ReplicaSets whose pods are selected by"
                                + " this will be the ones affected by this deployment.",
                        MODEL,
                        deployment -> Cells.selector(deployment.getSpec().getSelector())));
    }

    private static DeploymentStatus status(Deployment deployment) {
        return deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
    }
}
