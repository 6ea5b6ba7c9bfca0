package dev.shiplog.node.network.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.node.network.service.ServicePlane;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceFixture;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Guide row 85: which node answers for a load balancer's address. */
class AnnouncementsTest {
    private static final SortedSet<String> NODES = new TreeSet<>(List.of("one", "two", "three"));

    private static Resource resource(GroupKind kind, String body) {
        return ResourceFixture.of(
                new ResourceKey(kind, "default", "web"),
                new Uid("00000000-0000-0000-0000-000000000001"),
                Json.parse(body),
                Json.EMPTY);
    }

    private static ServicePlane.Known web(String policy) {
        return new ServicePlane.Known(
                resource(
                        GroupKind.SERVICE,
                        "{\"spec\":{\"type\":\"LoadBalancer\",\"externalTrafficPolicy\":\""
                                + policy
                                + "\"}}"),
                List.of(
                        resource(
                                GroupKind.ENDPOINT_SLICE,
                                """
                                {"endpoints":[
                                {"nodeName":"two","conditions":{"ready":true}},
                                {"nodeName":"three","conditions":{"ready":false}}]}
                                """)));
    }

    @Test
    void oneReadyNodeIsChosenAndTheAddressesAreSpread() {
        Set<String> chosen = new TreeSet<>();
        for (int i = 0; i < 30; i++) {
            Announcements.chosen("192.0.2." + i, web("Cluster"), NODES).ifPresent(chosen::add);
        }
        assertEquals(NODES, chosen);
        assertEquals(
                Optional.empty(),
                Announcements.chosen("192.0.2.1", web("Cluster"), new TreeSet<>()));
    }

    @Test
    void underALocalPolicyItHasAReadyEndpoint() {
        assertEquals(Optional.of("two"), Announcements.chosen("192.0.2.1", web("Local"), NODES));
        assertEquals(
                Optional.empty(),
                Announcements.chosen(
                        "192.0.2.1", web("Local"), new TreeSet<>(List.of("one", "three"))));
    }
}
