package dev.shiplog.audit;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.SourceState;

import java.util.ArrayList;
import java.util.List;

/**
 * How far the cluster is from what Git declares: what is ready, and what is not and why.
 *
 * @param pods how many pods there are
 * @param ready how many of them are Ready, or have completed
 * @param waiting what is missing, one line each, in key order
 */
public record Convergence(int pods, int ready, List<String> waiting) {
    private static final List<GroupKind> SCALED =
            List.of(GroupKind.DEPLOYMENT, GroupKind.REPLICA_SET, GroupKind.REPLICATION_CONTROLLER);

    public Convergence {
        waiting = List.copyOf(waiting);
    }

    /** Whether nothing is missing. */
    public boolean reached() {
        return waiting.isEmpty();
    }

    public static Convergence of(ClusterState state) {
        List<String> waiting = new ArrayList<>();
        for (SourceState source : state.sources()) {
            source.held()
                    .ifPresent(held ->
                            waiting.add(
                                    "commit "
                                            + Narrative.shortId(held.commit())
                                            + " is held: "
                                            + held.message()));
            source.failure()
                    .ifPresent(failure -> waiting.add("source " + source.name() + ": " + failure));
            for (ResourceKey key : state.declarationsOf(source.name())) {
                if (state.resource(key).isEmpty()) {
                    waiting.add(key + " is declared and does not exist yet");
                }
            }
        }
        for (GroupKind kind : SCALED) {
            state.resources(kind).forEach(resource -> replicas(resource, waiting));
        }
        state.resources(GroupKind.DAEMON_SET).forEach(set -> daemons(set, waiting));
        int pods = 0;
        int ready = 0;
        for (Resource pod : state.resources(GroupKind.POD)) {
            pods++;
            if (isReady(pod)) {
                ready++;
            } else {
                waiting.add(pod.key() + ": " + whyNotReady(pod));
            }
        }
        return new Convergence(pods, ready, waiting);
    }

    private static void replicas(Resource resource, List<String> waiting) {
        JsonNode status = resource.status().toNode();
        int wanted = resource.body().toNode().path("spec").path("replicas").asInt(1);
        int ready = status.path("readyReplicas").asInt();
        int total = status.path("replicas").asInt();
        boolean seen =
                status.path("observedGeneration").asLong() >= resource.metadata().generation();
        boolean updated =
                !resource.key().kind().equals(GroupKind.DEPLOYMENT)
                        || status.path("updatedReplicas").asInt() == wanted;
        if (!seen || !updated || ready != wanted || total != wanted) {
            waiting.add(resource.key() + ": " + ready + " of " + wanted + " replicas ready");
        }
    }

    private static void daemons(Resource set, List<String> waiting) {
        JsonNode status = set.status().toNode();
        int wanted = status.path("desiredNumberScheduled").asInt();
        int ready = status.path("numberReady").asInt();
        boolean seen = status.path("observedGeneration").asLong() >= set.metadata().generation();
        JsonNode strategy = set.body().toNode().path("spec").path("updateStrategy").path("type");
        boolean updated =
                strategy.asText().equals("OnDelete")
                        || status.path("updatedNumberScheduled").asInt() == wanted;
        if (!seen || !updated || ready != wanted) {
            waiting.add(set.key() + ": " + ready + " of " + wanted + " nodes have a ready pod");
        }
    }

    private static boolean isReady(Resource pod) {
        JsonNode status = pod.status().toNode();
        if (pod.metadata().deleting()) {
            return false;
        }
        if (status.path("phase").asText().equals("Succeeded")) {
            return true;
        }
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private static String whyNotReady(Resource pod) {
        if (pod.metadata().deleting()) {
            return "Terminating";
        }
        JsonNode status = pod.status().toNode();
        for (JsonNode container : status.path("containerStatuses")) {
            JsonNode waiting = container.path("state").path("waiting");
            if (!waiting.isMissingNode()) {
                String message = waiting.path("message").asText();
                return waiting.path("reason").asText() + (message.isEmpty() ? "" : ": " + message);
            }
        }
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("PodScheduled")
                    && condition.path("status").asText().equals("False")) {
                return condition.path("message").asText();
            }
        }
        return status.path("phase").asText("Pending");
    }
}
