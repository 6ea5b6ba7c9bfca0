package dev.shiplog.node.link.remote;

import dev.shiplog.node.link.ClusterView;
import dev.shiplog.node.link.wire.LinkCodec;
import dev.shiplog.node.link.wire.LinkPaths;
import dev.shiplog.resource.GroupKind;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What the node sees of a cluster whose control plane is on another machine. */
public final class RemoteClusterView implements ClusterView {
    private static final byte[] NOTHING = new byte[0];

    private final Link link;

    public RemoteClusterView(Link link) {
        this.link = link;
    }

    @Override
    public Subscription follow(Set<GroupKind> kinds, Consumer<Update> listener) {
        String query =
                new TreeSet<>(kinds)
                        .stream().map(kind -> "kind=" + kind).collect(Collectors.joining("&"));
        Follow follow =
                new Follow(
                        link,
                        LinkPaths.VIEW + "?" + query,
                        () -> NOTHING,
                        line -> listener.accept(LinkCodec.update(line)));
        return follow::close;
    }
}
