package dev.shiplog.boot;

import dev.shiplog.api.auth.policy.DefaultPolicy;
import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand.CreateResource;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What every cluster has from its first moment: the namespaces that cannot be deleted, and the roles
 * and bindings that Kubernetes users expect.
 */
final class Bootstrap {
    private static final List<String> NAMESPACES =
            List.of("default", "kube-node-lease", "kube-public", "kube-system");
    private static final long PATIENCE_SECONDS = 30;

    private Bootstrap() {}

    /** Creates what is missing; does nothing at a later start. */
    static void ensure(Ledger ledger)
            throws InterruptedException, ExecutionException, TimeoutException {
        Origin origin = Origin.request("system:bootstrap", "bootstrap");
        // All at once, so that they share a few fsyncs; the one that says that all are there last.
        List<CompletableFuture<Outcome>> submitted = new ArrayList<>();
        List<Command> policy = DefaultPolicy.missing(ledger.state());
        for (Command command : policy.subList(0, Math.max(0, policy.size() - 1))) {
            submitted.add(ledger.submit(command, origin));
        }
        for (String name : NAMESPACES) {
            ResourceKey key = ResourceKey.namespace(name);
            if (ledger.state().resource(key).isEmpty()) {
                SortedMap<String, String> labels = new TreeMap<>();
                labels.put("kubernetes.io/metadata.name", name);
                submitted.add(
                        ledger.submit(
                                new CreateResource(
                                        key,
                                        "v1",
                                        labels,
                                        new TreeMap<>(),
                                        Json.parse("{\"spec\":{\"finalizers\":[\"kubernetes\"]}}")),
                                origin));
            }
        }
        for (CompletableFuture<Outcome> outcome : submitted) {
            outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        if (!policy.isEmpty()) {
            ledger.submit(policy.getLast(), origin).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
