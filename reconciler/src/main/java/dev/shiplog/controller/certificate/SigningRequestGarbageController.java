package dev.shiplog.controller.certificate;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.Recorded;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Deletes requests for certificates that nobody needs any more: an hour after they were decided, a
 * day after they were made if nobody decided, as in Kubernetes.
 */
public final class SigningRequestGarbageController implements Controller {
    static final Duration DECIDED_KEPT = Duration.ofHours(1);
    static final Duration PENDING_KEPT = Duration.ofHours(24);

    @Override
    public String name() {
        return "csrcleaner-controller";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        Optional<Resource> found =
                state.resource(key).filter(request -> !request.metadata().deleting());
        if (found.isEmpty()) {
            return Verdict.DONE;
        }
        Instant end = end(found.get());
        return end.isAfter(now)
                ? new Verdict(List.of(), Optional.of(end))
                : new Verdict(
                        List.of(
                                new ResourceCommand.DeleteResource(
                                        key,
                                        Optional.of(found.get().uid()),
                                        OptionalLong.empty(),
                                        Propagation.BACKGROUND,
                                        List.of())),
                        Optional.empty());
    }

    private static Instant end(Resource request) {
        Instant created = request.metadata().created();
        JsonNode conditions = request.status().toNode().path("conditions");
        if (conditions.isEmpty()) {
            return created.plus(PENDING_KEPT);
        }
        Instant decided = created;
        for (JsonNode condition : conditions) {
            Instant time = time(condition.path("lastUpdateTime").asText(), created);
            decided = time.isAfter(decided) ? time : decided;
        }
        return decided.plus(DECIDED_KEPT);
    }

    private static Instant time(String text, Instant otherwise) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException _) {
            return otherwise;
        }
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        return Subjects.of(event.event())
                .filter(key -> key.kind().equals(GroupKind.SIGNING_REQUEST))
                .stream()
                .toList();
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.SIGNING_REQUEST).stream().map(Resource::key).toList();
    }
}
