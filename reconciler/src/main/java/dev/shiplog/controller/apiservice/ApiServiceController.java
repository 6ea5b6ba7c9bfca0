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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes the Services of the cluster itself again when they were deleted, {@code kubectl delete all
 * --all} does so: {@code default/kubernetes}, by which pods find the API server, and {@code
 * kube-system/kube-dns}, by which they find names. The first ones are made with the cluster, and a
 * start makes what is missing.
 */
public final class ApiServiceController implements Controller {
    public static final ResourceKey SERVICE =
            new ResourceKey(GroupKind.SERVICE, "default", "kubernetes");

    /** Named as every cluster's is: tools look for it. */
    public static final ResourceKey DNS =
            new ResourceKey(GroupKind.SERVICE, "kube-system", "kube-dns");

    private static final List<ResourceKey> ALL = List.of(SERVICE, DNS);

    @Override
    public String name() {
        return "apiservice-controller";
    }

    /** What makes those of the Services that are not there. */
    public static List<CreateResource> missing(ClusterState state) {
        return ALL.stream()
                .filter(key -> state.resource(key).isEmpty())
                .map(key -> creation(state, key))
                .toList();
    }

    private static CreateResource creation(ClusterState state, ResourceKey key) {
        ServiceRanges range = ServiceRanges.of(state.resource(ServiceRanges.KEY));
        return key.equals(SERVICE)
                ? creation(
                        SERVICE,
                        Map.of("component", "apiserver", "provider", "kubernetes"),
                        body(
                                range.apiAddress(),
                                """
                                {"name":"https","port":443,"protocol":"TCP","targetPort":6443}\
                                """))
                : creation(
                        DNS,
                        Map.of(
                                "k8s-app",
                                "kube-dns",
                                "kubernetes.io/cluster-service",
                                "true",
                                "kubernetes.io/name",
                                "CoreDNS"),
                        // Without a selector: each node sends it to the server of its own.
                        body(
                                range.dnsAddress(),
                                """
                                {"name":"dns","port":53,"protocol":"UDP","targetPort":53},\
                                {"name":"dns-tcp","port":53,"protocol":"TCP","targetPort":53}\
                                """));
    }

    private static Json body(String address, String ports) {
        return Json.parse(
                """
                {"spec":{"type":"ClusterIP","clusterIP":"%1$s","clusterIPs":["%1$s"],\
                "ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack",\
                "internalTrafficPolicy":"Cluster","sessionAffinity":"None",\
                "ports":[%2$s]}}
                """
                        .formatted(address, ports));
    }

    private static CreateResource creation(ResourceKey key, Map<String, String> labels, Json body) {
        return new CreateResource(key, "v1", new TreeMap<>(labels), new TreeMap<>(), body);
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        boolean lacking =
                ALL.contains(key)
                        && state.resource(key).isEmpty()
                        && state.declared(key).isEmpty()
                        && state.resource(ResourceKey.namespace(key.namespace())).isPresent();
        return lacking
                ? new Verdict(List.of(creation(state, key)), Optional.empty())
                : Verdict.DONE;
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        return event.event() instanceof ResourceEvent.ResourceRemoved(var key, var _)
                        && ALL.contains(key)
                ? List.of(key)
                : List.of();
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return List.of();
    }
}
