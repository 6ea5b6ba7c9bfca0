package dev.shiplog.boot;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand.CreateResource;
import dev.shiplog.command.ResourceCommand.ReviseResource;
import dev.shiplog.controller.apiservice.ApiServiceController;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.node.agent.NodeAgent;
import dev.shiplog.node.agent.NodeSettings;
import dev.shiplog.node.link.ClusterView;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.plane.NodeNetwork;
import dev.shiplog.node.network.plane.PlaneKind;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;
import dev.shiplog.state.ServiceAddresses;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The network of the node in this process, where its runtime leaves that to us. */
final class Networking implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Networking.class.getName());

    private static final ResourceKey ENDPOINTS =
            new ResourceKey(
                    GroupKind.ENDPOINTS,
                    ApiServiceController.SERVICE.namespace(),
                    ApiServiceController.SERVICE.name());

    private final Profile profile;
    private final Optional<PodNetwork> pods;
    private final PlaneKind plane;
    private Optional<NodeNetwork> network = Optional.empty();

    /**
     * @throws IllegalArgumentException if what was said to lead to Services cannot be had here; the
     *     message says what to do
     */
    Networking(Profile profile, Optional<PodNetwork> pods, Settings settings) {
        this.profile = profile;
        this.pods = pods;
        this.plane = PlaneKind.of(settings.network().serviceProxy());
        plane.objection()
                .ifPresent(reason -> {
                    throw new IllegalArgumentException(
                            "Services cannot be led by nftables: "
                                    + reason
                                    + "; or start with --service-proxy auto");
                });
    }

    /**
     * The node's settings, with the range of addresses that this machine has for its pods.
     *
     * @param known what is known of the node already
     * @throws IllegalArgumentException if the machine has none; the message says what to do
     */
    NodeSettings asking(NodeSettings settings, Optional<Resource> known) {
        return asking(
                settings, known.map(node -> ServiceAddresses.podRange(node.body())).orElse(""));
    }

    /**
     * As above.
     *
     * @param known the range that the node is known to have; empty if none is
     */
    NodeSettings asking(NodeSettings settings, String known) {
        if (pods.isEmpty()) {
            return settings;
        }
        try {
            Optional<Subnet> range =
                    Optional.of(known).filter(text -> !text.isEmpty()).map(Subnet::parse);
            return settings.withPodRange(pods.get().prepare(range).toString());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the pods' network cannot be made: " + e.getMessage(), e);
        }
    }

    /**
     * Where pods ask for names: at the cluster's address for that, or where nothing leads it on, at
     * the node's own server.
     *
     * @param cluster the cluster's address
     * @param gateway the machine's address in the network of its pods, where there is one
     */
    Optional<String> names(String cluster, Optional<String> gateway) {
        return gateway.map(own -> pods.isPresent() ? cluster : own);
    }

    /**
     * Begins to forward what is sent to Services.
     *
     * @param agent notes what was put back after somebody took it away
     * @param range of the addresses of Services, where it is known
     * @param loopbackApi where an API server listens for this machine only; empty if for all
     */
    void start(
            NodeAgent agent,
            NodeName node,
            ClusterView view,
            OptionalInt loopbackApi,
            Optional<ServiceRanges> range)
            throws IOException {
        if (pods.isEmpty()) {
            return;
        }
        // Nodes of one cluster share its authority: their tunnels are told apart by it.
        Path authority = profile.tls().resolve("ca.crt");
        NodeNetwork started =
                new NodeNetwork(
                        pods.get(),
                        Files.readString(authority),
                        node,
                        view,
                        loopbackApi,
                        range,
                        plane,
                        new Warnings(agent));
        network = Optional.of(started);
        started.start();
    }

    /** What people hear of it, as events of the Node. */
    private record Warnings(NodeAgent agent) implements NodeNetwork.Listener {
        @Override
        public void mended(List<String> parts) {
            agent.warn(
                    "NetworkRestored",
                    "the pods' network was changed from outside; put back: "
                            + String.join(", ", parts));
        }

        @Override
        public void lacking(String what) {
            agent.warn("ProtocolUnavailable", what);
        }
    }

    /**
     * Says in {@code default/kubernetes} where pods find the API server, once they can.
     *
     * @param reachable its address for other machines; empty if it has none
     */
    void announce(Ledger ledger, Optional<String> reachable, int port) {
        network.ifPresent(started -> {
            var _ =
                    started.ready()
                            .thenAccept(range ->
                                    announce(ledger, reachable.orElse(range.gateway()), port));
        });
    }

    private static void announce(Ledger ledger, String address, int port) {
        ObjectNode body = Json.EMPTY.toObject();
        ObjectNode subset = body.putArray("subsets").addObject();
        subset.putArray("addresses").addObject().put("ip", address);
        subset.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", port)
                .put("protocol", "TCP");
        Optional<Resource> live = ledger.state().resource(ENDPOINTS);
        Json wanted = Json.of(body);
        if (live.isPresent() && live.get().body().equals(wanted)) {
            return;
        }
        Command command =
                live.isPresent()
                        ? new ReviseResource(
                                ENDPOINTS,
                                live.get().uid(),
                                live.get().metadata().generation(),
                                wanted,
                                Optional.empty(),
                                List.of())
                        : new CreateResource(
                                ENDPOINTS, "v1", new TreeMap<>(), new TreeMap<>(), wanted);
        var _ =
                ledger.submit(command, Origin.request("system:bootstrap", "bootstrap"))
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                LOG.log(Level.WARNING, "pods do not find the API server", failure);
                            }
                        });
    }

    /** What leads to Services here; empty if that is the runtime's own affair. */
    Optional<PlaneKind> plane() {
        return pods.map(_ -> plane.chosen());
    }

    @Override
    public void close() {
        network.ifPresent(NodeNetwork::close);
    }
}
