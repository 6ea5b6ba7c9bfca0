package dev.shiplog.boot;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.auth.policy.DefaultPolicy;
import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand.CreateResource;
import dev.shiplog.command.ResourceCommand.ReviseResource;
import dev.shiplog.controller.apiservice.ApiServiceController;
import dev.shiplog.controller.rootcertificate.RootCertificateController;
import dev.shiplog.decide.admission.Priorities;
import dev.shiplog.decide.admission.ServiceAccounts;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.AddressPool;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.PodRanges;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What every cluster has from its first moment: the namespaces that cannot be deleted, the Services
 * under which pods find the API server and names, and the roles, bindings and priority classes that
 * Kubernetes users expect.
 */
final class Bootstrap {
    private static final Logger LOG = Logger.getLogger(Bootstrap.class.getName());

    private static final List<String> NAMESPACES =
            List.of("default", "kube-node-lease", "kube-public", "kube-system");
    private static final long PATIENCE_SECONDS = 30;

    private Bootstrap() {}

    /**
     * Creates what is missing; does nothing at a later start.
     *
     * @param ranges the addresses of Services and pods, if the log does not say yet
     */
    static void ensure(Ledger ledger, ChosenRange ranges)
            throws InterruptedException, ExecutionException, TimeoutException {
        Origin origin = Origin.request("system:bootstrap", "bootstrap");
        range(ledger, origin, ranges);
        policy(ledger, origin);
        priorities(ledger, origin);
        List<CompletableFuture<Outcome>> submitted = new ArrayList<>();
        for (String name : NAMESPACES) {
            create(
                            ledger,
                            ResourceKey.namespace(name),
                            label("kubernetes.io/metadata.name", name),
                            "{\"spec\":{\"finalizers\":[\"kubernetes\"]}}")
                    .ifPresent(submitted::add);
        }
        for (CompletableFuture<Outcome> outcome : submitted) {
            outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        List<CompletableFuture<Outcome>> services =
                ApiServiceController.missing(ledger.state()).stream()
                        .map(creation -> ledger.submit(creation, origin))
                        .toList();
        for (CompletableFuture<Outcome> outcome : services) {
            outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /**
     * Publishes the certificate that the API server is known by, for pods.
     *
     * @param certificates PEM
     */
    static void publish(Ledger ledger, String certificates)
            throws InterruptedException, ExecutionException, TimeoutException {
        ObjectNode body = Json.EMPTY.toObject();
        body.putObject("data").put("ca.crt", certificates);
        publish(
                ledger,
                RootCertificateController.creation(ServiceAccounts.PUBLISHED, Json.of(body)));
    }

    /** Creates a ConfigMap, or makes the one that is there say the same. */
    private static void publish(Ledger ledger, CreateResource creation)
            throws InterruptedException, ExecutionException, TimeoutException {
        Json wished = creation.body();
        Optional<Resource> published = ledger.state().resource(creation.key());
        if (published.filter(found -> found.body().equals(wished)).isPresent()) {
            return;
        }
        Command command =
                published
                        .<Command>map(stale ->
                                new ReviseResource(
                                        stale.key(),
                                        stale.uid(),
                                        stale.metadata().generation(),
                                        wished,
                                        Optional.empty(),
                                        List.of()))
                        .orElse(creation);
        ledger.submit(command, Origin.request("system:bootstrap", "bootstrap"))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Roles are for others than the administrator: nobody waits for them. All at once, so that they
     * share a few fsyncs; the one that says that all are there comes last.
     */
    private static void policy(Ledger ledger, Origin origin) {
        List<Command> missing = DefaultPolicy.missing(ledger.state());
        if (missing.isEmpty()) {
            return;
        }
        CompletableFuture<?>[] most =
                missing.subList(0, missing.size() - 1).stream()
                        .map(command -> ledger.submit(command, origin))
                        .toArray(CompletableFuture<?>[]::new);
        var _ =
                CompletableFuture.allOf(most)
                        .thenCompose(_ -> ledger.submit(missing.getLast(), origin))
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                LOG.log(
                                        Level.WARNING,
                                        "the default roles are made at the next start",
                                        failure);
                            }
                        });
    }

    /**
     * Says which addresses load balancers are given. What somebody said by the ConfigMap itself
     * stays, unless a start says something.
     *
     * @param pool see {@link AddressPool}; empty for nothing to say
     */
    static void pool(Ledger ledger, Optional<String> pool)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (pool.isEmpty()) {
            return;
        }
        AddressPool.parse(pool.get());
        ObjectNode body = Json.EMPTY.toObject();
        body.putObject("data").put(AddressPool.MEMBER, pool.get());
        publish(
                ledger,
                new CreateResource(
                        AddressPool.KEY, "v1", new TreeMap<>(), new TreeMap<>(), Json.of(body)));
    }

    /**
     * Records the ranges of the addresses of Services and pods.
     *
     * @throws IllegalArgumentException if the cluster has others
     */
    private static void range(Ledger ledger, Origin origin, ChosenRange ranges)
            throws InterruptedException, ExecutionException, TimeoutException {
        Optional<Resource> live = ledger.state().resource(ServiceRanges.KEY);
        boolean young =
                live.isEmpty() && ledger.state().resource(ApiServiceController.SERVICE).isEmpty();
        if (young) {
            SortedMap<String, String> annotations = new TreeMap<>();
            if (!ranges.pods().equals(PodRanges.DEFAULT)) {
                annotations.put(PodRanges.ANNOTATION, ranges.pods().cidr());
            }
            ledger.submit(
                            new CreateResource(
                                    ServiceRanges.KEY,
                                    "networking.k8s.io/v1",
                                    new TreeMap<>(),
                                    annotations,
                                    ranges.services().body()),
                            origin)
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return;
        }
        Settings.Network.checkSame(
                "Services",
                "--service-cidr",
                ServiceRanges.of(live).cidr(),
                ranges.services().cidr());
        Settings.Network.checkSame(
                "pods", "--pod-cidr", PodRanges.of(live).cidr(), ranges.pods().cidr());
    }

    /** The classes of what a cluster cannot be without; nobody waits for them. */
    private static void priorities(Ledger ledger, Origin origin) {
        Priorities.SYSTEM.forEach((name, value) -> {
            ResourceKey key = new ResourceKey(GroupKind.PRIORITY_CLASS, "", name);
            if (ledger.state().resource(key).isEmpty()) {
                var _ =
                        ledger.submit(
                                new CreateResource(
                                        key,
                                        "scheduling.k8s.io/v1",
                                        new TreeMap<>(),
                                        new TreeMap<>(),
                                        Json.parse(
                                                "{\"preemptionPolicy\":\"PreemptLowerPriority\","
                                                        + "\"value\":"
                                                        + value
                                                        + "}")),
                                origin);
            }
        });
    }

    /** Begins to create what is missing. */
    private static Optional<CompletableFuture<Outcome>> create(
            Ledger ledger, ResourceKey key, SortedMap<String, String> labels, String body) {
        return ledger.state().resource(key).isPresent()
                ? Optional.empty()
                : Optional.of(
                        ledger.submit(
                                new CreateResource(
                                        key, "v1", labels, new TreeMap<>(), Json.parse(body)),
                                Origin.request("system:bootstrap", "bootstrap")));
    }

    private static SortedMap<String, String> label(String key, String value) {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put(key, value);
        return labels;
    }
}
