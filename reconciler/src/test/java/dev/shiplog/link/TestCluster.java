package dev.shiplog.link;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.loop.Controllers;
import dev.shiplog.loop.Loop;
import dev.shiplog.loop.QuartzDueTimes;
import dev.shiplog.node.agent.Machine;
import dev.shiplog.node.agent.NodeAgent;
import dev.shiplog.node.agent.NodeSettings;
import dev.shiplog.node.agent.Progress;
import dev.shiplog.node.probe.NetworkProber;
import dev.shiplog.node.probe.Prober;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.volume.TokenSource;
import dev.shiplog.node.volume.Volumes;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.secret.Keyring;
import dev.shiplog.resource.secret.SealingKey;
import dev.shiplog.resource.secret.SecretDocuments;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/** A whole cluster in one process: ledger, controllers, scheduler, and one node at a time. */
final class TestCluster implements AutoCloseable {
    static final NodeName NODE = new NodeName("n1");
    static final String COMMIT = "c0ffee0000000000000000000000000000000000";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Ledger ledger = new DirectLedger(Instant::now);
    private final Loop loop =
            new Loop(ledger, Controllers.all(), new QuartzDueTimes(), Instant::now);
    final Keyring keys = new Keyring(SealingKey.generate(), List.of());
    final LedgerControlPlane controlPlane =
            new LedgerControlPlane(
                    ledger,
                    new SecretDocuments(() -> this.keys),
                    _ -> {},
                    () -> "node-" + UUID.randomUUID());

    TestCluster() {
        loop.start();
        create(ResourceKey.namespace("default"), "{}");
    }

    NodeAgent startNode(PodRuntime runtime) throws Exception {
        return startNode(runtime, new NetworkProber(runtime), _ -> Volumes.NONE);
    }

    NodeAgent startNode(PodRuntime runtime, Function<TokenSource, Volumes> volumes)
            throws Exception {
        return startNode(runtime, new NetworkProber(runtime), volumes);
    }

    NodeAgent startNode(PodRuntime runtime, Prober prober) throws Exception {
        return startNode(runtime, prober, _ -> Volumes.NONE);
    }

    private NodeAgent startNode(
            PodRuntime runtime, Prober prober, Function<TokenSource, Volumes> volumes)
            throws Exception {
        NodeAgent agent =
                new NodeAgent(
                        NodeSettings.of(NODE).withRole("control-plane"),
                        Machine.here(Path.of(".")),
                        runtime,
                        prober,
                        controlPlane,
                        InstantSource.system(),
                        Progress.NONE,
                        volumes);
        agent.start();
        return agent;
    }

    Resource createPod(String name, String spec) {
        ResourceKey key = ResourceKey.pod("default", name);
        create(key, "{\"spec\":" + spec + "}");
        return ledger.state().resource(key).orElseThrow();
    }

    void create(ResourceKey key, String body) {
        submit(
                new ResourceCommand.CreateResource(
                        key,
                        "v1",
                        Collections.emptySortedMap(),
                        Collections.emptySortedMap(),
                        Json.parse(body)),
                key.name());
    }

    /** Gives a pod that lives another desired state, as a client of the API does. */
    void revise(ResourceKey key, String spec) {
        reviseBody(key, "{\"spec\":" + spec + "}");
    }

    /** Gives what lives another body. */
    void reviseBody(ResourceKey key, String body) {
        Resource live = ledger.state().resource(key).orElseThrow();
        submit(
                new ResourceCommand.ReviseResource(
                        key,
                        live.uid(),
                        live.metadata().generation(),
                        Json.parse(body),
                        Optional.empty(),
                        List.of()),
                "revise-" + key.name());
    }

    JsonNode ephemeral(ResourceKey pod) {
        return status(pod).path("ephemeralContainerStatuses").path(0);
    }

    void delete(ResourceKey key, OptionalLong grace) {
        submit(
                new ResourceCommand.DeleteResource(
                        key, Optional.empty(), grace, Propagation.BACKGROUND, List.of()),
                "delete-" + key.name());
    }

    private void submit(Command command, String correlation) {
        Origin origin =
                new Origin(
                        "git:dev@example.com",
                        Cause.none(),
                        correlation,
                        Optional.of(new CommitId(COMMIT)));
        Outcome outcome = ledger.submit(command, origin).join();
        if (outcome instanceof Outcome.Refused refused) {
            throw new AssertionError(command + ": " + refused);
        }
    }

    JsonNode status(ResourceKey pod) {
        return ledger.state().resource(pod).map(Resource::status).orElse(Json.EMPTY).toNode();
    }

    JsonNode container(ResourceKey pod) {
        return status(pod).path("containerStatuses").path(0);
    }

    boolean ready(ResourceKey pod) {
        for (JsonNode condition : status(pod).path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    boolean gone(ResourceKey pod, Uid uid) {
        return ledger.state().resource(pod).filter(r -> r.uid().equals(uid)).isEmpty();
    }

    void awaitContainer(String what, ResourceKey pod, Predicate<JsonNode> condition) {
        await(what + " in " + pod, () -> condition.test(container(pod)));
    }

    void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError(
                        "expected within " + PATIENCE.toSeconds() + " s: " + what + "\n" + dump());
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private String dump() {
        StringBuilder text = new StringBuilder();
        ledger.read(Position.ORIGIN, Optional.empty(), 10_000)
                .forEach(event ->
                        text.append(event.position())
                                .append(' ')
                                .append(event.event())
                                .append('\n'));
        return text.toString();
    }

    @Override
    public void close() {
        loop.close();
        ledger.close();
    }
}
