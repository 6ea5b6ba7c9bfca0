package dev.shiplog.controller.apiservice;

import dev.shiplog.command.ResourceCommand.CreateResource;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes the Service {@code default/kubernetes} again when it was deleted, {@code kubectl delete all
 * --all} does so. The first one is made with the cluster, and a start makes it if it is missing.
 */
public final class ApiServiceController implements Controller {
    public static final ResourceKey SERVICE =
            new ResourceKey(GroupKind.SERVICE, "default", "kubernetes");

    private static final Json BODY =
            Json.parse(
                    """
                    {"spec":{"type":"ClusterIP","clusterIP":"%1$s","clusterIPs":["%1$s"],\
                    "ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack",\
                    "internalTrafficPolicy":"Cluster","sessionAffinity":"None",\
                    "ports":[{"name":"https","port":443,"protocol":"TCP","targetPort":6443}]}}
                    """
                            .formatted(ServiceRanges.API_ADDRESS));

    @Override
    public String name() {
        return "apiservice-controller";
    }

    /** Makes the Service. */
    public static CreateResource creation() {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("component", "apiserver");
        labels.put("provider", "kubernetes");
        return new CreateResource(SERVICE, "v1", labels, new TreeMap<>(), BODY);
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        boolean lacking =
                state.resource(SERVICE).isEmpty()
                        && state.declared(SERVICE).isEmpty()
                        && state.resource(ResourceKey.namespace(SERVICE.namespace())).isPresent();
        return lacking ? new Verdict(List.of(creation()), Optional.empty()) : Verdict.DONE;
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        return event.event() instanceof ResourceEvent.ResourceRemoved(var key, var _)
                        && key.equals(SERVICE)
                ? List.of(SERVICE)
                : List.of();
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return List.of();
    }
}
