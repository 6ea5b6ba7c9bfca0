package dev.shiplog.controller.replicaset;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;

/** The status of a ReplicaSet or a ReplicationController. */
final class ReplicaStatus {
    private ReplicaStatus() {}

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
