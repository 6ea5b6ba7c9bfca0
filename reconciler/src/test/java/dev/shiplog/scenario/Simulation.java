package dev.shiplog.scenario;

import dev.shiplog.command.Command;
import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.loop.Controllers;
import dev.shiplog.loop.SteppedLoop;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.yaml.Manifests;
import dev.shiplog.state.SourceState;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A whole cluster in one thread: a ledger, the loop, nodes that run nothing, and a repository. */
public final class Simulation {
    private static final SourceName SOURCE = new SourceName("cluster");

    public final VirtualTime time;
    public final Ledger ledger;
    private final SteppedLoop loop;
    private final Map<NodeName, FakeNode> nodes = new TreeMap<>();
    private final Map<String, String> files = new TreeMap<>();
    private final List<Map<String, String>> commits = new ArrayList<>();
    private final Supplier<Duration> startTime;
    private final Supplier<Duration> stopTime;
    private final Consumer<String> effects;

    /**
     * @param around decorates the ledger
     */
    public Simulation(
            VirtualTime time,
            Function<Ledger, Ledger> around,
            Supplier<Duration> startTime,
            Supplier<Duration> stopTime,
            Consumer<String> effects) {
        this.time = time;
        this.startTime = startTime;
        this.stopTime = stopTime;
        this.effects = effects;
        DirectLedger direct = new DirectLedger(time);
        Origin origin = Origin.request("system:boot", "boot");
        create(direct, ResourceKey.namespace("default"), origin);
        Outcome _ =
                direct.submit(
                                new SourceCommand.RegisterSource(
                                        SOURCE, "file:///repository", "main", "", true),
                                origin)
                        .join();
        ledger = around.apply(direct);
        loop = new SteppedLoop(ledger, Controllers.all(), time, time);
        commits.add(Map.of());
    }

    private static void create(Ledger ledger, ResourceKey key, Origin origin) {
        Outcome _ =
                ledger.submit(
                                new ResourceCommand.CreateResource(
                                        key,
                                        "v1",
                                        Collections.emptySortedMap(),
                                        Collections.emptySortedMap(),
                                        Json.EMPTY),
                                origin)
                        .join();
    }

    public FakeNode node(String name) {
        return nodes.computeIfAbsent(
                new NodeName(name),
                key -> new FakeNode(key, ledger, time, startTime, stopTime, effects));
    }

    /** Makes a file say something else, and pushes that as a commit. */
    public Outcome push(String path, String content) {
        files.put(path, content);
        return commit();
    }

    public Outcome remove(String path) {
        files.remove(path);
        return commit();
    }

    /** Takes the last commit back with another one. */
    public Outcome revert() {
        files.clear();
        files.putAll(commits.get(commits.size() - 2));
        return commit();
    }

    private Outcome commit() {
        Map<ResourceKey, DeclaredResource> before = declared(commits.getLast());
        Map<ResourceKey, DeclaredResource> after = declared(files);
        Set<ResourceKey> withdrawn = new TreeSet<>(before.keySet());
        withdrawn.removeAll(after.keySet());
        commits.add(new TreeMap<>(files));
        return submit(
                new SourceCommand.ApplyCommit(
                        SOURCE,
                        new CommitId(String.format("%040x", commits.size() - 1)),
                        ledger.state()
                                .source(SOURCE)
                                .flatMap(SourceState::applied)
                                .map(SourceState.Applied::commit),
                        new CommitInfo("Dev", "dev@example.com", Instant.EPOCH, "Change"),
                        "dev",
                        List.copyOf(after.values()),
                        List.copyOf(withdrawn),
                        true),
                new Origin(
                        "git:dev@example.com",
                        Cause.none(),
                        "push-" + (commits.size() - 1),
                        Optional.of(new CommitId(String.format("%040x", commits.size() - 1)))));
    }

    private static Map<ResourceKey, DeclaredResource> declared(Map<String, String> files) {
        Map<ResourceKey, DeclaredResource> declared = new LinkedHashMap<>();
        files.forEach((path, content) -> {
            Manifests.Decoded decoded =
                    Manifests.decode(path, content.getBytes(StandardCharsets.UTF_8), "default");
            if (!decoded.problems().isEmpty()) {
                throw new IllegalArgumentException(decoded.problems().toString());
            }
            decoded.resources().forEach(resource -> declared.put(resource.key(), resource));
        });
        return declared;
    }

    /** A user does something. */
    public Outcome submit(Command command) {
        return submit(command, Origin.request("user:dev", "request-" + ledger.head()));
    }

    private Outcome submit(Command command, Origin origin) {
        Outcome outcome = ledger.submit(command, origin).join();
        settle();
        return outcome;
    }

    /** Lets everybody act until nobody wants to, at this moment. */
    public void settle() {
        boolean busy = true;
        while (busy) {
            loop.drainUntilIdle();
            busy = false;
            for (FakeNode node : nodes.values()) {
                busy |= node.step();
            }
        }
    }

    public void tick(Duration duration) {
        time.advance(duration, this::settle);
    }
}
