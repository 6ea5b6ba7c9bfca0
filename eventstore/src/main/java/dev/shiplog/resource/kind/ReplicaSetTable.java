package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;

import java.util.List;

/** ReplicaSet: keeps a number of equal pods, found by expressions over labels. */
final class ReplicaSetTable {
    private static final Class<ReplicaSet> MODEL = ReplicaSet.class;
    private static final WorkloadColumns<ReplicaSet> SHARED = new WorkloadColumns<>(MODEL);
    private static final String MORE =
            " More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller/#what-is-a-replicationcontroller";

    static final Kind KIND =
            new Kind(
                    GroupKind.REPLICA_SET,
                    "replicasets",
                    "replicaset",
                    List.of("rs"),
                    List.of("all"),
                    true,
                    "apps/v1",
                    List.of("apps/v1", "apps/v1beta2", "extensions/v1beta1"),
                    true,
                    MODEL,
                    columns(),
                    new ReplicaSetRules());

    private ReplicaSetTable() {}

    private static List<Column> columns() {
        return List.of(
                Cells.name(0),
                SHARED.desired(MORE, set -> set.getSpec().getReplicas()),
                SHARED.current(MORE, set -> status(set).getReplicas()),
                SHARED.ready("replica set", set -> status(set).getReadyReplicas()),
                Cells.age(),
                SHARED.containers(set -> set.getSpec().getTemplate()),
                SHARED.images(set -> set.getSpec().getTemplate()),
                Cells.text(
                        "Selector",
                        1,
                        "Selector is a label query over pods that should match the replica count."
                                + " If the selector is empty, it is defaulted to the labels present"
                                + " on the pod template. Label keys and values that must match in"
                                + " order to be controlled by this replica set. More info:"
                                + " https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
                        MODEL,
                        set -> Cells.selector(set.getSpec().getSelector())));
    }

    private static ReplicaSetStatus status(ReplicaSet set) {
        return set.getStatus() == null ? new ReplicaSetStatus() : set.getStatus();
    }

    private static final class ReplicaSetRules implements Rules {
        @Override
        public void convert(String from, ObjectNode document) {
            if (from.equals("extensions/v1beta1")) {
                TemplateRules.labelsFromTemplate(document, "matchLabels");
            }
        }

        @Override
        public void setDefaults(ObjectNode document) {
            TemplateRules.setDefaults(document);
        }

        @Override
        public void validate(ObjectNode document, Findings findings) {
            boolean matches = TemplateRules.validateSelector(document, "replica set", findings);
            TemplateRules.validate(document, matches, findings);
        }

        @Override
        public void validateUpdate(ObjectNode before, ObjectNode after, Findings findings) {
            SelectorValidation.immutable(
                    before.path("spec"), after.path("spec"), FieldPath.of("spec"), findings);
        }

        @Override
        public void warn(ObjectNode document, Findings findings) {
            TemplateRules.warn(document, findings);
        }
    }
}
