package dev.shiplog.controller.deployment;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.controller.TemplateHash;
import dev.shiplog.controller.replicaset.ReplicaCounts;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.Comparator;

/**
 * One ReplicaSet of a Deployment.
 *
 * @param wished its {@code spec.replicas}
 * @param counts of its pods as they are now; its status may lag behind
 * @param template its template without the hash label
 */
record ReplicaSetView(Resource resource, int wished, ReplicaCounts counts, Json template) {
    /** Older first. */
    static final Comparator<ReplicaSetView> BY_AGE =
            Comparator.comparing((ReplicaSetView set) -> set.resource().metadata().created())
                    .thenComparingLong(ReplicaSetView::revision)
                    .thenComparing(set -> set.resource().key());

    static ReplicaSetView of(ClusterState state, Resource resource, Instant now) {
        JsonNode spec = resource.body().toNode().path("spec");
        return new ReplicaSetView(
                resource,
                spec.path("replicas").asInt(1),
                ReplicaCounts.of(state, resource, now),
                TemplateHash.canonical(spec.path("template")));
    }

    /** How many pods it may have before the ReplicaSet controller has caught up, at most. */
    int occupied() {
        return Math.max(wished, counts.live());
    }

    /** How many available pods will be left once the ReplicaSet controller has caught up. */
    int available() {
        return Math.min(wished, counts.available());
    }

    /** The rollout that it stood for last; 0 if none. */
    long revision() {
        return Annotations.number(resource.metadata().annotations(), Annotations.REVISION);
    }

    String name() {
        return resource.key().name();
    }
}
