package dev.shiplog.boot;

import dev.shiplog.command.ResourceCommand.CreateResource;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What every cluster has from its first moment: the namespaces that cannot be deleted, and the
 * Service under which pods find the API server.
 */
final class Bootstrap {
    private static final List<String> NAMESPACES =
            List.of("default", "kube-node-lease", "kube-public", "kube-system");
    private static final long PATIENCE_SECONDS = 30;

    private static final String API_SERVICE =
            """
            {"spec":{"type":"ClusterIP","clusterIP":"%1$s","clusterIPs":["%1$s"],\
            "ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","internalTrafficPolicy":"Cluster",\
            "sessionAffinity":"None",\
            "ports":[{"name":"https","port":443,"protocol":"TCP","targetPort":6443}]}}
            """
                    .formatted(ServiceRanges.API_ADDRESS);

    private Bootstrap() {}

    /** Creates what is missing; does nothing at a later start. */
    static void ensure(Ledger ledger)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (String name : NAMESPACES) {
            create(
                    ledger,
                    ResourceKey.namespace(name),
                    label("kubernetes.io/metadata.name", name),
                    "{\"spec\":{\"finalizers\":[\"kubernetes\"]}}");
        }
        SortedMap<String, String> labels = label("component", "apiserver");
        labels.put("provider", "kubernetes");
        create(
                ledger,
                new ResourceKey(GroupKind.SERVICE, "default", "kubernetes"),
                labels,
                API_SERVICE);
    }

    private static void create(
            Ledger ledger, ResourceKey key, SortedMap<String, String> labels, String body)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (ledger.state().resource(key).isPresent()) {
            return;
        }
        ledger.submit(
                        new CreateResource(key, "v1", labels, new TreeMap<>(), Json.parse(body)),
                        Origin.request("system:bootstrap", "bootstrap"))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static SortedMap<String, String> label(String key, String value) {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put(key, value);
        return labels;
    }
}
