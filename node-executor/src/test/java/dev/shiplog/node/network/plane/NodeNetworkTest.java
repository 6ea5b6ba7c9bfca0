package dev.shiplog.node.network.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.linux.Programs;
import dev.shiplog.node.network.pod.HostPort;
import dev.shiplog.node.network.pod.Interface;
import dev.shiplog.node.network.pod.Plug;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.resource.GroupKind;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;

/**
 * guide rows 59 and 75 to 85, by both planes: one after the other, since both have the addresses of
 * the machine.
 */
class NodeNetworkTest {
    /** The kernel's packet filter. */
    @Nested
    class InTheKernel extends NodeNetworkContract {
        @Override
        PlaneKind plane() {
            return PlaneKind.NFTABLES;
        }

        @Override
        boolean transparent() {
            return true;
        }

        @Test
        void whatSomebodyTakesAwayIsPutBack() throws Exception {
            Pod one = server("one", new HostPort(38123, 8080, "TCP", ""));
            Pod client = pod("client");
            view.service("web", spec("ClusterIP", ports("")), "{}");
            view.endpoints("web", 8080, "TCP", one.address() + "@here");
            await("it leads", () -> client.ask(VIP, 80).startsWith("one "));
            assertEquals(List.of(), pods.check());
            Programs.run("nft", "delete", "table", "ip", names.podTable());
            Programs.run("nft", "delete", "table", "ip", names.serviceTable());
            Interface.ip("link del " + names.bridge());
            await("the host port", () -> Netns.askFromHere("127.0.0.1", 38123).startsWith("one "));
            await("the Service", () -> client.ask(VIP, 80).startsWith("one "));
            Interface.ip("link set " + names.bridge() + " down");
            assertEquals(List.of("bridge " + names.bridge()), pods.check());
            assertTrue(client.ask(VIP, 80).startsWith("one "));
        }

        @Test
        void theNextProgramTakesPodsUpAsTheyAre() throws Exception {
            Pod one = server("one");
            network.orElseThrow().close();
            PodNetwork before = pods;
            pods = PodNetwork.of(names, CLUSTER.plus(1));
            assertEquals(before.subnet().orElseThrow(), pods.prepare(Optional.empty()));
            String id = "%06x%06x".formatted(Integer.parseInt(run, 16), 1);
            pods.keep(new Plug(id, one.address(), List.of()), one.netns().path());
            start();
            assertTrue(Netns.askFromHere(one.address(), 8080).startsWith("one "));
            assertEquals(List.of(), pods.check());
            assertFalse(pods.allocate().equals(one.address()));
        }
    }

    /** This program leads, and the kernel only refuses. */
    @Nested
    class Relayed extends NodeNetworkContract {
        @Override
        PlaneKind plane() {
            return PlaneKind.USERSPACE;
        }

        @Override
        boolean transparent() {
            return false;
        }

        @Test
        void addressesThatSomebodyTakesAwayArePutBackAndGoWithTheirService() throws Exception {
            Pod one = server("one");
            Pod client = pod("client");
            view.service("web", spec("ClusterIP", ports("")), "{}");
            view.endpoints("web", 8080, "TCP", one.address() + "@here");
            await("it leads", () -> client.ask(VIP, 80).startsWith("one "));
            Interface.ip("link del " + names.serviceDevice());
            await("it leads again", () -> client.ask(VIP, 80).startsWith("one "));
            view.remove(GroupKind.SERVICE, "web");
            await(
                    "the address is gone",
                    () ->
                            !Programs.run("ip", "addr", "show", "dev", names.serviceDevice())
                                    .contains(VIP));
        }

        @Test
        void aPortThatIsTakenIsOpenedOnceItIsFree() throws Exception {
            Pod one = server("one");
            try (ServerSocket taken = new ServerSocket(30983)) {
                view.service("web", spec("NodePort", ports(",\"nodePort\":30983")), "{}");
                view.endpoints("web", 8080, "TCP", one.address() + "@here");
                await("the address leads", () -> Netns.askFromHere(VIP, 80).startsWith("one "));
                assertTrue(taken.isBound());
            }
            await("the port too", () -> Netns.askFromHere("127.0.0.1", 30983).startsWith("one "));
        }

        @Test
        void whoChangesTheWayLosesNothing() throws Exception {
            Pod one = server("one");
            Pod client = pod("client");
            view.service("web", spec("ClusterIP", ports("")), "{}");
            view.endpoints("web", 8080, "TCP", one.address() + "@here");
            await("it leads", () -> client.ask(VIP, 80).startsWith("one "));
            network.orElseThrow().close();
            start(PlaneKind.NFTABLES);
            await(
                    "the kernel leads",
                    () -> client.ask(VIP, 80).startsWith("one " + client.address()));
            network.orElseThrow().close();
            start(PlaneKind.USERSPACE);
            await(
                    "the program leads",
                    () -> {
                        String answer = client.ask(VIP, 80);
                        return answer.startsWith("one ")
                                && !answer.contains(client.address() + ":");
                    });
        }
    }
}
