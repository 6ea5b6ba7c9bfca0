package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerStatus;

import java.util.List;

/** ReplicationController: keeps a number of equal pods, found by equality of labels. */
final class ReplicationControllerTable {
    private static final Class<ReplicationController> MODEL = ReplicationController.class;
    private static final WorkloadColumns<ReplicationController> SHARED =
            new WorkloadColumns<>(MODEL);
    private static final String MORE =
            " More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#what-is-a-replicationcontroller";

    static final Kind KIND =
            new Kind(
                    GroupKind.REPLICATION_CONTROLLER,
                    "replicationcontrollers",
                    "replicationcontroller",
                    List.of("rc"),
                    List.of("all"),
                    true,
                    "v1",
                    List.of("v1"),
                    true,
                    MODEL,
                    columns(),
                    new ReplicationControllerRules());

    private ReplicationControllerTable() {}

    private static List<Column> columns() {
        return List.of(
                Cells.name(0),
                SHARED.desired(MORE, controller -> controller.getSpec().getReplicas()),
                SHARED.current(MORE, controller -> status(controller).getReplicas()),
                SHARED.ready(
                        "replication controller",
                        controller -> status(controller).getReadyReplicas()),
                Cells.age(),
                SHARED.containers(controller -> controller.getSpec().getTemplate()),
                SHARED.images(controller -> controller.getSpec().getTemplate()),
                Cells.text(
                        "Selector",
                        1,
                        "Selector is a label query over pods that should match the Replicas count."
                                + " If Selector is empty, it is defaulted to the labels present on"
                                + " the Pod template. Label keys and values that must match in"
                                + " order to be controlled by this replication controller, if empty"
                                + " defaulted to labels on Pod template. More info:"
                                + " https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
                        MODEL,
                        controller -> Cells.labels(controller.getSpec().getSelector())));
    }

    private static ReplicationControllerStatus status(ReplicationController controller) {
        return controller.getStatus() == null
                ? new ReplicationControllerStatus()
                : controller.getStatus();
    }

    private static final class ReplicationControllerRules implements Rules {
        @Override
        public void setDefaults(ObjectNode document) {
            TemplateRules.labelsFromTemplate(document, "");
            TemplateRules.setDefaults(document);
        }

        @Override
        public void validate(ObjectNode document, Findings findings) {
            var spec = document.path("spec");
            var selector = spec.path("selector");
            FieldPath path = FieldPath.of("spec", "selector");
            if (selector.isEmpty()) {
                findings.required(path, "");
            }
            Check.labels(selector, path, findings);
            var labels = spec.path("template").path("metadata").path("labels");
            boolean matches = SelectorValidation.contains(labels, selector);
            TemplateRules.validate(document, matches, findings);
        }

        @Override
        public void warn(ObjectNode document, Findings findings) {
            TemplateRules.warn(document, findings);
        }
    }
}
