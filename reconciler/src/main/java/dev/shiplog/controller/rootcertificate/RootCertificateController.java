package dev.shiplog.controller.rootcertificate;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.decide.admission.ServiceAccounts;
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
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives every namespace a copy of the cluster's certificate, and keeps it so; under the name and
 * with the annotation that Kubernetes gives it.
 */
public final class RootCertificateController implements Controller {
    private static final String DESCRIPTION = "kubernetes.io/description";
    private static final String DESCRIBED =
            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal"
                    + " endpoints such as the internal service IP or kubernetes.default.svc. No"
                    + " other usage is guaranteed across distributions of Kubernetes clusters.";

    @Override
    public String name() {
        return "root-ca-certificate-publisher-controller";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey namespace, Instant now) {
        if (!lacks(state, namespace)) {
            return Verdict.DONE;
        }
        Json body = state.resource(ServiceAccounts.PUBLISHED).orElseThrow().body();
        ResourceKey key = copy(namespace);
        Command command =
                state.resource(key)
                        .<Command>map(stale ->
                                new ResourceCommand.ReviseResource(
                                        key,
                                        stale.uid(),
                                        stale.metadata().generation(),
                                        body,
                                        Optional.empty(),
                                        List.of()))
                        .orElseGet(() -> creation(key, body));
        return new Verdict(List.of(command), Optional.empty());
    }

    /** What begins such a ConfigMap, the published one included. */
    public static ResourceCommand.CreateResource creation(ResourceKey key, Json body) {
        SortedMap<String, String> annotations = new TreeMap<>();
        annotations.put(DESCRIPTION, DESCRIBED);
        return new ResourceCommand.CreateResource(key, "v1", new TreeMap<>(), annotations, body);
    }

    /** What Git declares under this name is Git's. */
    private static boolean lacks(ClusterState state, ResourceKey namespace) {
        ResourceKey key = copy(namespace);
        Optional<Resource> published = state.resource(ServiceAccounts.PUBLISHED);
        return published.isPresent()
                && !key.equals(ServiceAccounts.PUBLISHED)
                && state.resource(namespace)
                        .filter(found -> !found.metadata().deleting())
                        .isPresent()
                && state.declared(key).isEmpty()
                && state.resource(key)
                        .filter(found ->
                                found.metadata().deleting()
                                        || found.body().equals(published.get().body()))
                        .isEmpty();
    }

    private static ResourceKey copy(ResourceKey namespace) {
        return new ResourceKey(
                GroupKind.CONFIG_MAP, namespace.name(), ServiceAccounts.ROOT_CERTIFICATE);
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        Optional<ResourceKey> subject = Subjects.of(event.event());
        if (subject.isEmpty()) {
            return List.of();
        }
        ResourceKey key = subject.get();
        if (key.equals(ServiceAccounts.PUBLISHED)) {
            return all(after);
        }
        if (key.kind().equals(GroupKind.NAMESPACE)) {
            return lacks(after, key) ? List.of(key) : List.of();
        }
        if (!key.kind().equals(GroupKind.CONFIG_MAP)
                || !key.name().equals(ServiceAccounts.ROOT_CERTIFICATE)) {
            return List.of();
        }
        ResourceKey namespace = ResourceKey.namespace(key.namespace());
        return lacks(after, namespace) ? List.of(namespace) : List.of();
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.NAMESPACE).stream()
                .map(Resource::key)
                .filter(namespace -> lacks(state, namespace))
                .toList();
    }
}
