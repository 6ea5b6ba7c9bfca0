package dev.shiplog.controller;

import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.List;

/**
 * A controller that looks at many resources at once, because one command can settle them all. Its
 * batches are taken one at a time, each only once the events of the batch before it have been seen
 * by {@link #wakes}. All keys of a batch were woken in the course of one request.
 */
public interface BatchController extends Controller {
    /** How many resources it looks at in one batch, at most. */
    int batch();

    /** What to do about these resources now. A time to look again is meant for all of them. */
    Verdict reconcile(ClusterState state, List<ResourceKey> keys, Instant now);

    @Override
    default Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        return reconcile(state, List.of(key), now);
    }
}
