package dev.shiplog.event;

import dev.shiplog.journal.Tag;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;

import java.util.List;

/**
 * What each event is about: the keys under which the log finds it and append conditions guard it.
 */
public final class Tags {
    private static final String RESOURCE = "resource";
    private static final String SOURCE = "source";

    /** The addresses and node ports that Services share: whoever takes one looks at all. */
    public static final Tag SERVICE_ADDRESSES = new Tag("pool", "service-addresses");

    /** The ranges of addresses that nodes are given for their pods. */
    public static final Tag POD_RANGES = new Tag("pool", "pod-ranges");

    /** The decider that scales by what pods use. */
    public static final String AUTOSCALER = "horizontal-pod-autoscaler";

    private Tags() {}

    private static boolean isService(ResourceKey key) {
        return key.kind().equals(GroupKind.SERVICE);
    }

    public static Tag resource(ResourceKey key) {
        return new Tag(RESOURCE, key.toString());
    }

    /** Whether a tag names a resource. */
    public static boolean isResource(Tag tag) {
        return tag.name().equals(RESOURCE);
    }

    public static Tag source(SourceName source) {
        return new Tag(SOURCE, source.value());
    }

    /** Whether a tag names a source. */
    public static boolean isSource(Tag tag) {
        return tag.name().equals(SOURCE);
    }

    public static Tag node(NodeName node) {
        return new Tag("node", node.value());
    }

    public static Tag decider(String name) {
        return new Tag("decider", name);
    }

    /** Somebody who asks the API: a user name. */
    public static Tag user(String name) {
        return new Tag("user", name);
    }

    /** The tags of an event. */
    public static List<Tag> of(Event event) {
        return switch (event) {
            case ResourceEvent.ResourceDeclared e when isService(e.key()) ->
                    List.of(resource(e.key()), source(e.source()), SERVICE_ADDRESSES);
            case ResourceEvent.ResourceDeclared e -> List.of(resource(e.key()), source(e.source()));
            case ResourceEvent.ResourceWithdrawn e ->
                    List.of(resource(e.key()), source(e.source()));
            case ResourceEvent.Noted e -> List.of(resource(e.key()), decider(e.component()));
            case ResourceEvent.ReplicasScaled e -> List.of(resource(e.key()), decider(AUTOSCALER));
            case ResourceEvent e when isService(e.key()) ->
                    List.of(resource(e.key()), SERVICE_ADDRESSES);
            case ResourceEvent e -> List.of(resource(e.key()));
            case SourceEvent e -> List.of(source(e.source()));
            case SchedulerEvent.PodBound e -> List.of(resource(e.pod()), decider(e.scheduler()));
            case SchedulerEvent.PodUnschedulable e ->
                    List.of(resource(e.pod()), decider(e.scheduler()));
            case SchedulerEvent.PodNominated e ->
                    List.of(resource(e.pod()), decider(e.scheduler()));
            case SchedulerEvent.NominationWithdrawn e ->
                    List.of(resource(e.pod()), decider(e.scheduler()));
            case NodeEvent.NodeRegistered e ->
                    List.of(resource(ResourceKey.node(e.node())), node(e.node()), POD_RANGES);
            case NodeEvent.WorkOrdered e -> List.of(resource(e.work().pod()), node(e.node()));
            case NodeEvent.WorkAcknowledged e -> List.of(node(e.node()));
            case NodeEvent.PodReported e -> List.of(resource(e.pod()), node(e.node()));
            case AccessEvent.AccessRefused e -> List.of(user(e.who()));
            case AccessEvent.SessionOpened e -> List.of(resource(e.pod()), user(e.who()));
            case AccessEvent.SessionClosed e -> List.of(resource(e.pod()), user(e.who()));
        };
    }
}
