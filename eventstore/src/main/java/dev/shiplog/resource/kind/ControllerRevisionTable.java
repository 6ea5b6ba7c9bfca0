package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.node.LongNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;

import io.fabric8.kubernetes.api.model.apps.ControllerRevision;

import java.util.List;
import java.util.Locale;

/** ControllerRevision: what a template was, so that a rollout can be taken back. */
final class ControllerRevisionTable {
    static final Kind KIND =
            new Kind(
                    GroupKind.CONTROLLER_REVISION,
                    "controllerrevisions",
                    "controllerrevision",
                    List.of(),
                    List.of(),
                    true,
                    "apps/v1",
                    List.of("apps/v1", "apps/v1beta2", "apps/v1beta1"),
                    false,
                    ControllerRevision.class,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Controller",
                                    "Controller of the object",
                                    ControllerRevisionTable::controller),
                            new Column(
                                    "Revision",
                                    "integer",
                                    "",
                                    "Revision indicates the revision of the state represented by"
                                            + " Data.",
                                    0,
                                    (revision, _) ->
                                            LongNode.valueOf(
                                                    revision.body()
                                                            .toNode()
                                                            .path("revision")
                                                            .asLong())),
                            Cells.age()));

    private ControllerRevisionTable() {}

    private static String controller(Resource revision) {
        return revision.metadata()
                .controller()
                .map(owner ->
                        owner.groupKind().toString().toLowerCase(Locale.ROOT) + "/" + owner.name())
                .orElse(Cells.NONE);
    }
}
