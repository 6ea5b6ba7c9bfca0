package dev.shiplog.state;

import dev.shiplog.command.Command;
import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Samples;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Work;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;

/**
 * A history of commands that a seed makes up: most make sense, some do not, and some come after a
 * long pause.
 */
public final class RandomHistory {
    private static final int NAMES = 8;
    private static final List<Propagation> PROPAGATIONS =
            List.of(Propagation.BACKGROUND, Propagation.FOREGROUND, Propagation.ORPHAN);

    private final Random random;
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private final DirectLedger ledger = new DirectLedger(() -> now);
    private int commits;

    private RandomHistory(long seed) {
        random = new Random(seed);
    }

    /** The events of so many commands. */
    public static List<Recorded> events(long seed, int commands) {
        RandomHistory history = new RandomHistory(seed);
        history.submit(Samples.registerSource());
        for (int i = 0; i < commands; i++) {
            history.step();
        }
        return history.ledger.read(Position.ORIGIN, Optional.empty(), Integer.MAX_VALUE);
    }

    private void step() {
        now = now.plusMillis(random.nextInt(5_000));
        if (random.nextInt(40) == 0) {
            now = now.plusSeconds(3_700); // Events of an hour ago are forgotten.
        }
        submit(
                switch (random.nextInt(14)) {
                    case 0 -> registerNode();
                    case 1, 2 -> commit();
                    case 3, 4 -> createDependents();
                    case 5, 6 -> bind();
                    case 7 -> reject();
                    case 8 -> order();
                    case 9, 10 -> report();
                    case 11 -> delete();
                    case 12 -> touch();
                    default -> realize();
                });
    }

    private void submit(Command command) {
        ledger.submit(command, Origin.request("user:random", "r" + ledger.head())).join();
    }

    private Command registerNode() {
        return new NodeCommand.RegisterNode(
                node(),
                new TreeMap<>(),
                Json.parse("{\"spec\":{}}"),
                Json.parse("{\"load\":" + random.nextInt(3) + "}"));
    }

    private NodeName node() {
        return new NodeName("n" + random.nextInt(3));
    }

    private Command commit() {
        Optional<CommitId> previous =
                ledger.state()
                        .source(Samples.SOURCE)
                        .flatMap(SourceState::applied)
                        .map(SourceState.Applied::commit);
        List<DeclaredResource> declared = new ArrayList<>();
        declared.add(declared(ResourceKey.namespace("web"), "{}"));
        for (int i = 0; i < NAMES; i++) {
            if (random.nextBoolean()) {
                declared.add(
                        declared(declarable(i), "{\"spec\":{\"size\":" + random.nextInt(3) + "}}"));
            }
        }
        List<ResourceKey> withdrawn = new ArrayList<>();
        for (ResourceKey key : ledger.state().declarationsOf(Samples.SOURCE)) {
            if (random.nextInt(5) == 0 && declared.stream().noneMatch(d -> d.key().equals(key))) {
                withdrawn.add(key);
            }
        }
        CommitInfo info = new CommitInfo("R", "r@example.org", now, "Commit " + commits);
        CommitId id = new CommitId(String.format("%040d", ++commits));
        return new SourceCommand.ApplyCommit(
                Samples.SOURCE, id, previous, info, "user:random", declared, withdrawn, true);
    }

    private static ResourceKey declarable(int number) {
        GroupKind kind =
                switch (number % 3) {
                    case 0 -> GroupKind.POD;
                    case 1 -> GroupKind.REPLICA_SET;
                    default -> new GroupKind("", "ConfigMap");
                };
        return new ResourceKey(kind, "web", "r" + number);
    }

    private static DeclaredResource declared(ResourceKey key, String body) {
        return new DeclaredResource(
                "a.yaml", 1, key, "v1", new TreeMap<>(), new TreeMap<>(), Json.parse(body));
    }

    private Command createDependents() {
        Resource owner = any(GroupKind.REPLICA_SET);
        List<ResourceCommand.Dependent> pods = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            pods.add(
                    new ResourceCommand.Dependent(
                            GroupKind.POD,
                            "v1",
                            Optional.empty(),
                            new TreeMap<>(),
                            new TreeMap<>(),
                            List.of(),
                            Json.parse("{\"spec\":{\"containers\":[]}}")));
        }
        return new ResourceCommand.CreateDependents(
                "replicaset-controller",
                owner.key(),
                owner.uid(),
                owner.metadata().generation(),
                ledger.state().dependents(owner.uid()).size(),
                pods);
    }

    private Command bind() {
        Resource pod = any(GroupKind.POD);
        return new SchedulerCommand.BindPods(
                "default-scheduler",
                List.of(new SchedulerCommand.Binding(pod.key(), pod.uid(), node(), 2, 50)));
    }

    private Command reject() {
        Resource pod = any(GroupKind.POD);
        return new SchedulerCommand.RejectPods(
                "default-scheduler",
                List.of(
                        new SchedulerCommand.Rejection(
                                pod.key(),
                                pod.uid(),
                                new TreeMap<>(),
                                "0/" + random.nextInt(4) + " nodes are available")));
    }

    private Command order() {
        Resource pod = any(GroupKind.POD);
        return new NodeCommand.OrderWork(
                node(),
                List.of(
                        new Work.RunPod(pod.key(), pod.uid()),
                        new Work.StopPod(pod.key(), pod.uid(), random.nextInt(30))));
    }

    private Command report() {
        Resource pod = any(GroupKind.POD);
        NodeName node = node();
        return new NodeCommand.ReportPods(
                node,
                List.of(
                        new NodeCommand.PodReport(
                                pod.key(),
                                pod.uid(),
                                Json.parse("{\"restarts\":" + random.nextInt(4) + "}"),
                                random.nextBoolean())),
                List.copyOf(ledger.state().work(node).keySet()),
                List.of(
                        ResourceCommand.Note.warning(
                                pod.key(),
                                pod.uid(),
                                "BackOff",
                                "Attempt " + random.nextInt(2),
                                "kubelet")));
    }

    private Command delete() {
        List<Resource> all = List.copyOf(ledger.state().resources());
        Resource one = all.isEmpty() ? nobody() : all.get(random.nextInt(all.size()));
        return new ResourceCommand.DeleteResource(
                one.key(),
                Optional.empty(),
                random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(2)),
                PROPAGATIONS.get(random.nextInt(PROPAGATIONS.size())),
                List.of());
    }

    private Command touch() {
        Resource one = any(random.nextBoolean() ? GroupKind.REPLICA_SET : GroupKind.EVENT);
        return random.nextBoolean()
                ? new ResourceCommand.UpdateStatus(
                        one.key(), one.uid(), Json.parse("{\"n\":" + random.nextInt(9) + "}"))
                : new ResourceCommand.RemoveResource(one.key(), one.uid());
    }

    private Command realize() {
        return new ResourceCommand.RealizeDeclaration(declarable(random.nextInt(NAMES)));
    }

    private Resource any(GroupKind kind) {
        List<Resource> all = List.copyOf(ledger.state().resources(kind));
        return all.isEmpty() ? nobody() : all.get(random.nextInt(all.size()));
    }

    private Resource nobody() {
        return new Resource(
                ResourceKey.pod("web", "nobody"),
                "v1",
                new dev.shiplog.resource.Metadata(
                        new dev.shiplog.resource.Uid("none"),
                        1,
                        now,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        List.of(),
                        List.of(),
                        Optional.empty()),
                Json.EMPTY,
                Json.EMPTY,
                new Position(1));
    }
}
