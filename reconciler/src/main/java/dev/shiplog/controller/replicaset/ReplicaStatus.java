package dev.shiplog.controller.replicaset;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.status.Conditions;

/** The status of a ReplicaSet or a ReplicationController. */
final class ReplicaStatus {
    private static final String FAILURE = "ReplicaFailure";

    private ReplicaStatus() {}

    /** Whether pods could not be created when it was last tried. */
    static boolean failing(Resource owner) {
        return Conditions.find(owner.status().toNode().path("conditions"), FAILURE).isPresent();
    }

    /** The status when all pods that are wished for are there. */
    static Json complete(Resource owner, ReplicaCounts counts) {
        ObjectNode status = of(owner, counts).toObject();
        Conditions.remove(status, FAILURE);
        return Json.of(status);
    }

    /** As Kubernetes writes it: a count of none is left out, but for {@code replicas}. */
    static Json of(Resource owner, ReplicaCounts counts) {
        ObjectNode status = owner.status().toObject();
        status.put("observedGeneration", owner.metadata().generation());
        status.put("replicas", counts.live());
        put(status, "fullyLabeledReplicas", counts.fullyLabeled());
        put(status, "readyReplicas", counts.ready());
        put(status, "availableReplicas", counts.available());
        return Json.of(status);
    }

    private static void put(ObjectNode status, String name, int count) {
        if (count == 0) {
            status.remove(name);
        } else {
            status.put(name, count);
        }
    }
}
