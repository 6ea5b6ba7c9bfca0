package dev.shiplog.controller.serviceaccount;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
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
import java.util.TreeMap;

/** Makes the service account {@code default} of every namespace that lacks it. */
public final class ServiceAccountController implements Controller {
    private static final String DEFAULT = "default";

    @Override
    public String name() {
        return "serviceaccount-controller";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey namespace, Instant now) {
        return lacks(state, namespace)
                ? new Verdict(
                        List.of(
                                new ResourceCommand.CreateResource(
                                        account(namespace.name()),
                                        "v1",
                                        new TreeMap<>(),
                                        new TreeMap<>(),
                                        Json.EMPTY)),
                        Optional.empty())
                : Verdict.DONE;
    }

    /** What Git declares is made live by another controller. */
    private static boolean lacks(ClusterState state, ResourceKey namespace) {
        ResourceKey account = account(namespace.name());
        return state.resource(namespace).filter(found -> !found.metadata().deleting()).isPresent()
                && state.resource(account).isEmpty()
                && state.declared(account).isEmpty();
    }

    private static ResourceKey account(String namespace) {
        return new ResourceKey(GroupKind.SERVICE_ACCOUNT, namespace, DEFAULT);
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        return Subjects.of(event.event())
                .filter(key ->
                        key.kind().equals(GroupKind.NAMESPACE)
                                || key.kind().equals(GroupKind.SERVICE_ACCOUNT))
                .map(key ->
                        key.namespace().isEmpty() ? key : ResourceKey.namespace(key.namespace()))
                .filter(namespace -> lacks(after, namespace))
                .map(List::of)
                .orElse(List.of());
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.NAMESPACE).stream()
                .map(Resource::key)
                .filter(namespace -> lacks(state, namespace))
                .toList();
    }
}
