package dev.shiplog.decide;

import dev.shiplog.command.AccessCommand;
import dev.shiplog.command.Command;
import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The consistency boundary of each command: the tags of all that its decision looks at. */
final class Boundaries {
    private Boundaries() {}

    static List<Tag> of(Command command) {
        Stream<Tag> tags =
                switch (command) {
                    case SourceCommand.ApplyCommit c -> applied(c);
                    case SourceCommand.ApplyCommits c ->
                            c.commits().stream().flatMap(Boundaries::applied);
                    case SourceCommand c -> Stream.of(Tags.source(c.source()));
                    case ResourceCommand.CreateResource c -> admitted(c.key());
                    case ResourceCommand.WriteResource c -> tags(c.key());
                    case ResourceCommand.KeepBooks c -> Stream.of(Tags.resource(c.key()));
                    case ResourceCommand.CreateDependents c ->
                            Stream.of(Tags.resource(c.owner()), namespace(c.owner()));
                    case ResourceCommand.WithholdDependents c ->
                            Stream.of(Tags.resource(c.owner()));
                    case ResourceCommand.ReviseResource c -> tags(c.key());
                    case ResourceCommand.ChangeMetadata c -> Stream.of(Tags.resource(c.key()));
                    case ResourceCommand.DeleteResource c -> Stream.of(Tags.resource(c.key()));
                    case ResourceCommand.EvictPod c ->
                            Stream.concat(
                                    Stream.of(Tags.resource(c.key())),
                                    c.budget().stream().map(Tags::resource));
                    case ResourceCommand.RealizeDeclaration c ->
                            Stream.concat(tags(c.key()), Stream.of(namespace(c.key())));
                    case ResourceCommand.RemoveResource c -> Stream.of(Tags.resource(c.key()));
                    case ResourceCommand.ScaleResource c ->
                            Stream.of(Tags.resource(c.key()), Tags.resource(c.by()));
                    case ResourceCommand.UpdateStatus c -> Stream.of(Tags.resource(c.key()));
                    case ResourceCommand.AddNote c -> Stream.of(Tags.resource(c.note().about()));
                    case SchedulerCommand.BindPods c ->
                            c.bindings().stream().map(b -> Tags.resource(b.pod()));
                    case SchedulerCommand.PreemptPods c ->
                            c.preemptions().stream()
                                    .flatMap(p ->
                                            Stream.concat(
                                                    Stream.of(Tags.resource(p.pod())),
                                                    p.victims().stream()
                                                            .map(v -> Tags.resource(v.pod()))));
                    case SchedulerCommand.WithdrawNominations c ->
                            c.pods().stream().map(Tags::resource);
                    case SchedulerCommand.RejectPods c ->
                            c.rejections().stream().map(r -> Tags.resource(r.pod()));
                    case NodeCommand.RegisterNode c ->
                            Stream.of(Tags.resource(ResourceKey.node(c.node())), Tags.POD_RANGES);
                    case NodeCommand.OrderWork c -> Stream.of(Tags.node(c.node()));
                    case NodeCommand.ReportPods c ->
                            Stream.concat(
                                    Stream.of(Tags.node(c.node())),
                                    c.reports().stream().map(r -> Tags.resource(r.pod())));
                    case AccessCommand c -> Stream.of(Tags.user(c.who()));
                };
        List<Tag> all = tags.toList();
        return all.size() == 1 ? all : List.copyOf(new TreeSet<>(all));
    }

    /** Of the boundary, the namespaces that have no quota and get none. */
    static Set<Tag> shared(ClusterState state, Command command) {
        Set<Tag> shared = new TreeSet<>();
        List<ResourceKey> added = added(command).toList();
        if (added.isEmpty()) {
            return Collections.emptySet(); // Most commands change what is there.
        }
        for (ResourceKey key : added) {
            if (!key.namespace().isEmpty() && !counted(state, key.namespace())) {
                shared.add(namespace(key));
            }
        }
        for (ResourceKey key : added) {
            if (key.kind().equals(GroupKind.RESOURCE_QUOTA)) {
                shared.remove(namespace(key));
            }
        }
        alone(command).map(Tags::resource).forEach(shared::remove);
        return shared;
    }

    private static boolean counted(ClusterState state, String namespace) {
        return !state.resources(GroupKind.RESOURCE_QUOTA, namespace).isEmpty();
    }

    /** What a command may bring into a namespace. */
    private static Stream<ResourceKey> added(Command command) {
        return switch (command) {
            case SourceCommand.ApplyCommit c -> declared(c);
            case SourceCommand.ApplyCommits c -> c.commits().stream().flatMap(Boundaries::declared);
            case ResourceCommand.CreateResource c -> Stream.of(c.key());
            case ResourceCommand.CreateDependents c -> Stream.of(c.owner());
            case ResourceCommand.RealizeDeclaration c -> Stream.of(c.key());
            case SourceCommand _,
                    ResourceCommand _,
                    SchedulerCommand _,
                    NodeCommand _,
                    AccessCommand _ ->
                    Stream.empty();
        };
    }

    private static Stream<ResourceKey> declared(SourceCommand.ApplyCommit c) {
        return c.declared().stream().map(DeclaredResource::key);
    }

    /** Namespaces that are themselves declared or withdrawn. */
    private static Stream<ResourceKey> alone(Command command) {
        return switch (command) {
            case SourceCommand.ApplyCommit c -> touched(c);
            case SourceCommand.ApplyCommits c -> c.commits().stream().flatMap(Boundaries::touched);
            case ResourceCommand.CreateResource c -> Stream.of(c.key());
            case ResourceCommand.RealizeDeclaration c -> Stream.of(c.key());
            case SourceCommand _,
                    ResourceCommand _,
                    SchedulerCommand _,
                    NodeCommand _,
                    AccessCommand _ ->
                    Stream.empty();
        };
    }

    private static Stream<ResourceKey> touched(SourceCommand.ApplyCommit c) {
        return Stream.concat(declared(c), c.withdrawn().stream());
    }

    /** A resource, and what it shares with others of its kind. */
    private static Stream<Tag> tags(ResourceKey key) {
        return key.kind().equals(GroupKind.SERVICE)
                ? Stream.of(Tags.resource(key), Tags.SERVICE_ADDRESSES)
                : Stream.of(Tags.resource(key));
    }

    /** What is new in a namespace may count there: then it must be decided in turn. */
    private static Stream<Tag> admitted(ResourceKey key) {
        return key.namespace().isEmpty() || key.kind().equals(GroupKind.EVENT)
                ? tags(key)
                : Stream.concat(tags(key), Stream.of(namespace(key)));
    }

    private static Stream<Tag> applied(SourceCommand.ApplyCommit c) {
        return Stream.concat(
                Stream.of(Tags.source(c.source())),
                Stream.concat(
                        c.declared().stream().flatMap(d -> admitted(d.key())),
                        c.withdrawn().stream().flatMap(Boundaries::tags)));
    }

    private static Tag namespace(ResourceKey key) {
        return Tags.resource(
                ResourceKey.namespace(key.namespace().isEmpty() ? "default" : key.namespace()));
    }
}
