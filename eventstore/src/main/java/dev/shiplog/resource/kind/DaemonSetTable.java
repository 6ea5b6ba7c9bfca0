package dev.shiplog.resource.kind;

import dev.shiplog.resource.GroupKind;

import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;

import java.util.List;

/** DaemonSet: one pod on every node that suits it. */
final class DaemonSetTable {
    private static final Class<DaemonSet> MODEL = DaemonSet.class;
    private static final WorkloadColumns<DaemonSet> SHARED = new WorkloadColumns<>(MODEL);
    private static final String MORE =
            " More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/";

    static final Kind KIND =
            new Kind(
                    GroupKind.DAEMON_SET,
                    "daemonsets",
                    "daemonset",
                    List.of("ds"),
                    List.of("all"),
                    true,
                    "apps/v1",
                    List.of("apps/v1", "apps/v1beta2", "extensions/v1beta1"),
                    true,
                    MODEL,
                    columns(),
                    new DaemonSetRules());

    private DaemonSetTable() {}

    private static List<Column> columns() {
        return List.of(
                Cells.name(0),
                Cells.number(
                        "Desired",
                        "integer",
                        0,
                        "The total number of nodes that should be running the daemon pod (including"
                                + " nodes correctly running the daemon pod)."
                                + MORE,
                        MODEL,
                        set -> status(set).getDesiredNumberScheduled()),
                Cells.number(
                        "Current",
                        "integer",
                        0,
                        "The number of nodes that are running at least 1 daemon pod and are supposed"
                                + " to run the daemon pod."
                                + MORE,
                        MODEL,
                        set -> status(set).getCurrentNumberScheduled()),
                Cells.number(
                        "Ready",
                        "integer",
                        0,
                        "The number of nodes that should be running the daemon pod and have one or"
                                + " more of the daemon pod running and ready.",
                        MODEL,
                        set -> status(set).getNumberReady()),
                Cells.number(
                        "Up-to-date",
                        "integer",
                        0,
                        "The total number of nodes that are running updated daemon pod",
                        MODEL,
                        set -> status(set).getUpdatedNumberScheduled()),
                Cells.number(
                        "Available",
                        "integer",
                        0,
                        "The number of nodes that should be running the daemon pod and have one or"
                                + " more of the daemon pod running and available (ready for at"
                                + " least spec.minReadySeconds)",
                        MODEL,
                        set -> status(set).getNumberAvailable()),
                Cells.text(
                        "Node Selector",
                        0,
                        "NodeSelector is a selector which must be true for the pod to fit on a node."
                                + " Selector which must match a node's labels for the pod to be"
                                + " scheduled on that node. More info:"
                                + " https://kubernetes.io/docs/concepts/configuration/assign-pod-node/",
                        MODEL,
                        set ->
                                Cells.labels(
                                        set.getSpec().getTemplate() == null
                                                ? null
                                                : set.getSpec()
                                                        .getTemplate()
                                                        .getSpec()
                                                        .getNodeSelector())),
                Cells.age(),
                SHARED.containers(set -> set.getSpec().getTemplate()),
                SHARED.images(set -> set.getSpec().getTemplate()),
                Cells.text(
                        "Selector",
                        1,
                        "A label query over pods that are managed by the daemon set. Must match in"
                                + " order to be controlled. If empty, defaulted to labels on Pod"
                                + " template. More info:"
                                + " https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
                        MODEL,
                        set -> Cells.selector(set.getSpec().getSelector())));
    }

    private static DaemonSetStatus status(DaemonSet set) {
        return set.getStatus() == null ? new DaemonSetStatus() : set.getStatus();
    }
}
