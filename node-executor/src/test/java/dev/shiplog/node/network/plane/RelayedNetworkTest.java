package dev.shiplog.node.network.plane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.linux.Programs;
import dev.shiplog.node.network.pod.Interface;
import dev.shiplog.resource.GroupKind;

import org.junit.jupiter.api.Test;

import java.net.ServerSocket;

/** guide rows 59 and 75 to 85: this program leads, and the kernel only refuses. */
class RelayedNetworkTest extends NodeNetworkContract {
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
        await("the kernel leads", () -> client.ask(VIP, 80).startsWith("one " + client.address()));
        network.orElseThrow().close();
        start(PlaneKind.USERSPACE);
        await(
                "the program leads",
                () -> {
                    String answer = client.ask(VIP, 80);
                    return answer.startsWith("one ") && !answer.contains(client.address() + ":");
                });
    }
}
