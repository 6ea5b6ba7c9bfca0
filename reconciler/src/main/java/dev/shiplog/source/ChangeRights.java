package dev.shiplog.source;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.decide.Decision.Proposed;
import dev.shiplog.event.ResourceEvent.ResourceDeclared;
import dev.shiplog.event.ResourceEvent.ResourceWithdrawn;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Holds what a commit would do against the rights of whoever brings it in, object by object. */
final class ChangeRights {
    private ChangeRights() {}

    /** Everything that the pusher may not do, in the order of the decision. */
    static List<String> objections(ClusterState state, List<Proposed> events, Rights rights) {
        List<String> objections = new ArrayList<>();
        for (Proposed proposed : events) {
            switch (proposed.event()) {
                case ResourceDeclared e -> {
                    Optional<Json> before = before(state, e.key());
                    objections.addAll(
                            rights.objections(
                                    new Rights.Change(
                                            before.isEmpty() ? "create" : "update",
                                            e.key(),
                                            before,
                                            Optional.of(
                                                    document(
                                                            e.key(),
                                                            e.apiVersion(),
                                                            e.labels(),
                                                            e.annotations(),
                                                            e.body())))));
                }
                case ResourceWithdrawn e ->
                        objections.addAll(
                                rights.objections(
                                        new Rights.Change(
                                                "delete",
                                                e.key(),
                                                before(state, e.key()),
                                                Optional.empty())));
                default -> {
                    // What follows from these two.
                }
            }
        }
        return objections;
    }

    /** What is live; what is declared and not live is as good as there. */
    private static Optional<Json> before(ClusterState state, ResourceKey key) {
        return state.resource(key)
                .map(live ->
                        document(
                                key,
                                live.apiVersion(),
                                live.metadata().labels(),
                                live.metadata().annotations(),
                                live.body()))
                .or(() ->
                        state.declared(key)
                                .map(entry ->
                                        document(
                                                key,
                                                entry.apiVersion(),
                                                entry.labels(),
                                                entry.annotations(),
                                                entry.body())));
    }

    private static Json document(
            ResourceKey key,
            String apiVersion,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            Json body) {
        ObjectNode document = body.toObject();
        document.put("apiVersion", apiVersion);
        document.put("kind", key.kind().kind());
        ObjectNode metadata = document.putObject("metadata");
        metadata.put("name", key.name());
        if (!key.namespace().isEmpty()) {
            metadata.put("namespace", key.namespace());
        }
        if (!labels.isEmpty()) {
            labels.forEach(metadata.putObject("labels")::put);
        }
        if (!annotations.isEmpty()) {
            annotations.forEach(metadata.putObject("annotations")::put);
        }
        return Json.of(document);
    }
}
