package dev.shiplog.decide;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.event.ResourceEvent.AddressesGiven;
import dev.shiplog.resource.Ipv4;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.ServiceAddresses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * Gives Services their addresses and node ports within one decision.
 *
 * <p>The choice is a function of the Service's uid: a place in the range drawn from it, and from
 * there the next that is free. The same log gives the same addresses, and no two Services share
 * one.
 */
final class ServiceAllocation {
    private final ClusterState state;
    private final ServiceRanges range;

    /** Services whose old holdings do not count: this decision changes or removes them. */
    private final Set<ResourceKey> released = new TreeSet<>();

    /** What this decision has handed out or seen asked for, and to whom. */
    private final SortedMap<String, ResourceKey> taken = new TreeMap<>();

    ServiceAllocation(ClusterState state) {
        this.state = state;
        this.range = ServiceRanges.of(state.resource(ServiceRanges.KEY));
    }

    /** A Service that this decision removes. */
    void release(ResourceKey service) {
        released.add(service);
    }

    /**
     * Takes what a Service asks for by itself.
     *
     * @param body as it will be live, with what it keeps from before
     * @return what speaks against it, in Kubernetes' words
     */
    List<String> claim(ResourceKey service, Json body) {
        released.add(service);
        List<String> objections = new ArrayList<>();
        for (String wanted : ServiceAddresses.held(body)) {
            if (Ipv4.is(wanted) && !range.contains(wanted)) {
                objections.add(outside(wanted));
            } else if (!free(service, wanted)) {
                objections.add(objection(body, wanted));
            }
            taken.put(wanted, service);
        }
        return objections;
    }

    private String outside(String wanted) {
        return "spec.clusterIPs: Invalid value: [\""
                + wanted
                + "\"]: failed to allocate IP "
                + wanted
                + ": the provided IP ("
                + wanted
                + ") is not in the valid range. The range of valid IPs is "
                + range.cidr();
    }

    private static String objection(Json body, String wanted) {
        if (Ipv4.is(wanted)) {
            return "spec.clusterIPs: Invalid value: [\""
                    + wanted
                    + "\"]: failed to allocate IP "
                    + wanted
                    + ": provided IP is already allocated";
        }
        JsonNode ports = body.toNode().path("spec").path("ports");
        String path = "spec.healthCheckNodePort";
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).path("nodePort").asText().equals(wanted)) {
                path = "spec.ports[" + i + "].nodePort";
            }
        }
        return path + ": Invalid value: " + wanted + ": provided port is already allocated";
    }

    /** Whether a live Service may become another one: its address stays for its whole life. */
    static Optional<String> moved(Resource live, Json body) {
        String before = live.body().toNode().path("spec").path("clusterIP").asText();
        String after = body.toNode().path("spec").path("clusterIP").asText();
        boolean stays =
                before.isEmpty()
                        || before.equals(after)
                        || !ServiceAddresses.wantsAddress(body)
                        || !ServiceAddresses.wantsAddress(live.body());
        return stays
                ? Optional.empty()
                : Optional.of(
                        "spec.clusterIPs[0]: Invalid value: [\""
                                + after
                                + "\"]: may not change once set");
    }

    /**
     * What a Service still lacks; empty if nothing.
     *
     * @param body as in {@link #claim}
     * @throws IllegalStateException if a range is used up
     */
    Optional<AddressesGiven> missing(ResourceKey service, Uid uid, Json body) {
        JsonNode spec = body.toNode().path("spec");
        String address = "";
        if (ServiceAddresses.wantsAddress(body) && spec.path("clusterIP").asText().isEmpty()) {
            address =
                    next(
                            service,
                            uid,
                            range.addresses() - 1,
                            range.staticAddresses(),
                            offset -> offset == 0 ? "" : range.address(offset));
        }
        SortedMap<String, Integer> ports = new TreeMap<>();
        if (ServiceAddresses.wantsNodePorts(body)) {
            for (JsonNode port : spec.path("ports")) {
                if (port.path("nodePort").asInt() == 0) {
                    ports.put(ServiceAddresses.portKey(port), nodePort(service, uid));
                }
            }
        }
        int health =
                ServiceAddresses.wantsHealthCheckPort(body)
                                && spec.path("healthCheckNodePort").asInt() == 0
                        ? nodePort(service, uid)
                        : 0;
        return address.isEmpty() && ports.isEmpty() && health == 0
                ? Optional.empty()
                : Optional.of(new AddressesGiven(service, uid, address, ports, health));
    }

    private int nodePort(ResourceKey service, Uid uid) {
        return Integer.parseInt(
                next(
                        service,
                        uid,
                        ServiceRanges.LAST_NODE_PORT - ServiceRanges.FIRST_NODE_PORT + 1,
                        ServiceRanges.STATIC_NODE_PORTS,
                        offset -> String.valueOf(ServiceRanges.FIRST_NODE_PORT + offset)));
    }

    /** The first that is free from a place in the upper band on; then of the lower band. */
    private String next(
            ResourceKey service, Uid uid, int size, int lowerBand, IntFunction<String> at) {
        int upper = size - lowerBand;
        int start = Math.floorMod(uid.value().hashCode(), upper);
        for (int i = 0; i < size; i++) {
            int offset = i < upper ? lowerBand + (start + i) % upper : i - upper;
            String candidate = at.apply(offset);
            if (!candidate.isEmpty() && !taken.containsKey(candidate) && free(service, candidate)) {
                taken.put(candidate, service);
                return candidate;
            }
        }
        throw new IllegalStateException(
                "expected a free place of " + size + " for " + service + ", found none");
    }

    private boolean free(ResourceKey service, String wanted) {
        ResourceKey now = taken.get(wanted);
        if (now != null) {
            return now.equals(service);
        }
        return state.addressHolder(wanted).filter(holder -> !released.contains(holder)).isEmpty();
    }
}
