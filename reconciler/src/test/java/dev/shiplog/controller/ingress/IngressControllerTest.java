package dev.shiplog.controller.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Verdict;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.TreeMap;

/** guide rows 53 and 86: under which addresses an Ingress is answered. */
class IngressControllerTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final ResourceKey WEB = new ResourceKey(GroupKind.INGRESS, "default", "web");

    private final DirectLedger ledger = new DirectLedger(() -> NOW);
    private final IngressController controller = new IngressController();

    IngressControllerTest() {
        create(ResourceKey.namespace("default"), "{}");
    }

    private void submit(Command command) {
        Outcome outcome = ledger.submit(command, Origin.request("controller:test", "test")).join();
        assertInstanceOf(Outcome.Applied.class, outcome, () -> command + ": " + outcome);
    }

    private void create(ResourceKey key, String body) {
        submit(
                new ResourceCommand.CreateResource(
                        key,
                        "networking.k8s.io/v1",
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Json.parse(body)));
    }

    private void node(String name, String address, String ready) {
        submit(
                new NodeCommand.RegisterNode(
                        new NodeName(name),
                        new TreeMap<>(),
                        Json.parse("{\"spec\":{}}"),
                        Json.parse(
                                """
                                {"addresses":[{"type":"InternalIP","address":"%s"}],
                                 "conditions":[{"type":"Ready","status":"%s"}]}
                                """
                                        .formatted(address, ready))));
    }

    private void ingress(String className) {
        create(
                WEB,
                "{\"spec\":{%s\"defaultBackend\":{\"service\":{\"name\":\"web\",\"port\":{\"number\":80}}}}}"
                        .formatted(
                                className.isEmpty()
                                        ? ""
                                        : "\"ingressClassName\":\"" + className + "\","));
    }

    /** What the status says once nothing is left to do. */
    private String settled() {
        controller.reconcile(ledger.state(), WEB, NOW).commands().forEach(this::submit);
        assertEquals(Verdict.DONE, controller.reconcile(ledger.state(), WEB, NOW));
        return ledger.state().resource(WEB).orElseThrow().status().toString();
    }

    @Test
    void itIsAnsweredByEveryNodeThatIsReady() {
        node("n1", "192.0.2.1", "True");
        node("n2", "192.0.2.2", "False");
        node("n3", "192.0.2.3", "True");
        ingress("");
        assertEquals(
                "{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\"},{\"ip\":\"192.0.2.3\"}]}}",
                settled());
        node("n1", "192.0.2.1", "False");
        assertEquals("{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.3\"}]}}", settled());
    }

    @Test
    void itsClassSaysWhoseItIs() {
        node("n1", "192.0.2.1", "True");
        ingress("other");
        assertEquals("{}", settled());
        create(
                new ResourceKey(GroupKind.INGRESS_CLASS, "", "other"),
                "{\"spec\":{\"controller\":\"shiplog.dev/ingress\"}}");
        assertEquals("{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\"}]}}", settled());
    }

    @Test
    void theClassOfOursNeedsNoResource() {
        node("n1", "192.0.2.1", "True");
        ingress("shiplog");
        assertEquals("{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\"}]}}", settled());
    }
}
