package dev.shiplog.api.read;

import dev.shiplog.api.select.Selection;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.state.ClusterState;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The resources that a selection has to look at, in key order: as few as an index allows. */
public final class Candidates {
    private Candidates() {}

    public static Collection<Resource> of(
            ClusterState state, ServedResource served, Selection selection) {
        GroupKind kind = served.kind().groupKind();
        Optional<String> name = selection.name();
        if (name.isPresent()
                && (selection.namespace().isPresent() || !served.kind().namespaced())) {
            return name.get().isEmpty()
                    ? List.of()
                    : state.resource(served.key(selection.namespace(), name.get())).stream()
                            .toList();
        }
        if (kind.equals(GroupKind.POD) && selection.node().isPresent()) {
            return state.podsOn(new NodeName(selection.node().get())).stream()
                    .flatMap(key -> state.resource(key).stream())
                    .toList();
        }
        return selection.namespace().isPresent()
                ? state.resources(kind, selection.namespace().get())
                : state.resources(kind);
    }
}
