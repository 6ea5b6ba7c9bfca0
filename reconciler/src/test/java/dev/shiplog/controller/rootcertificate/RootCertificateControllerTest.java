package dev.shiplog.controller.rootcertificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Verdict;
import dev.shiplog.decide.admission.ServiceAccounts;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

final class RootCertificateControllerTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final ResourceKey SHOP = ResourceKey.namespace("shop");
    private static final ResourceKey COPY =
            new ResourceKey(GroupKind.CONFIG_MAP, "shop", ServiceAccounts.ROOT_CERTIFICATE);

    private final DirectLedger ledger = new DirectLedger(() -> NOW);
    private final RootCertificateController controller = new RootCertificateController();

    private void submit(Command command) {
        ledger.submit(command, Origin.request("user:test", "test")).join();
    }

    private void create(ResourceKey key, String body) {
        submit(
                new ResourceCommand.CreateResource(
                        key, "v1", new TreeMap<>(), new TreeMap<>(), Json.parse(body)));
    }

    private void reconcile() {
        for (ResourceKey namespace : controller.all(ledger.state())) {
            controller.reconcile(ledger.state(), namespace, NOW).commands().forEach(this::submit);
        }
    }

    private Optional<String> copied() {
        return ledger.state()
                .resource(COPY)
                .map(found -> found.body().toNode().path("data").path("ca.crt").asText());
    }

    @Test
    void everyNamespaceHasTheCertificateAsItIs() {
        create(SHOP, "{}");
        create(ResourceKey.namespace("kube-system"), "{}");
        reconcile();
        assertEquals(Optional.empty(), copied());
        create(ServiceAccounts.PUBLISHED, "{\"data\":{\"ca.crt\":\"one\"}}");
        reconcile();
        assertEquals(Optional.of("one"), copied());
        assertEquals(Verdict.DONE, controller.reconcile(ledger.state(), SHOP, NOW));
        assertTrue(controller.all(ledger.state()).isEmpty());
        var published = ledger.state().resource(ServiceAccounts.PUBLISHED).orElseThrow();
        submit(
                new ResourceCommand.ReviseResource(
                        published.key(),
                        published.uid(),
                        published.metadata().generation(),
                        Json.parse("{\"data\":{\"ca.crt\":\"two\"}}"),
                        Optional.empty(),
                        List.of()));
        reconcile();
        assertEquals(Optional.of("two"), copied());
    }
}
