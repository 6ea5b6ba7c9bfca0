package dev.shiplog.boot;

import dev.shiplog.command.ResourceCommand.CreateResource;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What every cluster has from its first moment: the namespaces that cannot be deleted. */
final class Bootstrap {
    private static final List<String> NAMESPACES =
            List.of("default", "kube-node-lease", "kube-public", "kube-system");
    private static final long PATIENCE_SECONDS = 30;

    private Bootstrap() {}

    /** Creates what is missing; does nothing at a later start. */
    static void ensure(Ledger ledger)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (String name : NAMESPACES) {
            ResourceKey key = ResourceKey.namespace(name);
            if (ledger.state().resource(key).isEmpty()) {
                SortedMap<String, String> labels = new TreeMap<>();
                labels.put("kubernetes.io/metadata.name", name);
                ledger.submit(
                                new CreateResource(
                                        key,
                                        "v1",
                                        labels,
                                        new TreeMap<>(),
                                        Json.parse("{\"spec\":{\"finalizers\":[\"kubernetes\"]}}")),
                                Origin.request("system:bootstrap", "bootstrap"))
                        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }
}
