package dev.shiplog.controller.quota;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.decide.admission.Quotas;
import dev.shiplog.event.Recorded;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Writes into each ResourceQuota's status what its namespace uses. */
public final class QuotaController implements Controller {
    @Override
    public String name() {
        return "resourcequota-controller";
    }

    /** Whatever changes in a namespace may change what its quotas count. */
    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        Optional<ResourceKey> subject = Subjects.of(event.event());
        return subject.isEmpty() || subject.get().namespace().isEmpty()
                ? List.of()
                : quotas(after, subject.get().namespace());
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.RESOURCE_QUOTA).stream().map(Resource::key).toList();
    }

    private static Collection<ResourceKey> quotas(ClusterState state, String namespace) {
        return state.resources(GroupKind.RESOURCE_QUOTA, namespace).stream()
                .map(Resource::key)
                .toList();
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        Optional<Resource> found = state.resource(key);
        if (found.isEmpty()) {
            return Verdict.DONE;
        }
        Json status = Quotas.status(state, found.get());
        return status.equals(found.get().status())
                ? Verdict.DONE
                : new Verdict(
                        List.of(new ResourceCommand.UpdateStatus(key, found.get().uid(), status)),
                        Optional.empty());
    }
}
