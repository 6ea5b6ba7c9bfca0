package dev.shiplog.boot;

import dev.shiplog.api.auth.jwt.ServiceAccountTokens;
import dev.shiplog.api.auth.jwt.ServiceAccountTokens.Bound;
import dev.shiplog.link.TokenIssuer;
import dev.shiplog.node.link.ControlPlane.TokenReply;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Tokens for the pods of nodes of this process; other nodes ask the API for them. */
record BoundTokens(ServiceAccountTokens tokens, Supplier<ClusterState> state)
        implements TokenIssuer {
    @Override
    public TokenReply issue(
            NodeName node, ResourceKey key, Uid uid, String audience, long seconds) {
        ClusterState now = state.get();
        Optional<Resource> pod = now.resource(key).filter(found -> found.uid().equals(uid));
        if (pod.isEmpty() || !now.podsOn(node).contains(key)) {
            return new TokenReply.Refused(
                    "expected pod "
                            + key.namespace()
                            + "/"
                            + key.name()
                            + " on node "
                            + node
                            + ", found none with uid "
                            + uid);
        }
        String name =
                pod.get().body().toNode().path("spec").path("serviceAccountName").asText("default");
        Optional<Resource> account =
                now.resource(new ResourceKey(GroupKind.SERVICE_ACCOUNT, key.namespace(), name));
        if (account.isEmpty()) {
            return new TokenReply.Refused("serviceaccounts \"" + name + "\" not found");
        }
        List<Bound> bound = new ArrayList<>();
        bound.add(new Bound(GroupKind.POD, key.name(), uid));
        now.resource(ResourceKey.node(node))
                .ifPresent(
                        found -> bound.add(new Bound(GroupKind.NODE, node.value(), found.uid())));
        Duration life =
                Duration.ofSeconds(
                        Math.clamp(
                                seconds,
                                ServiceAccountTokens.SHORTEST.toSeconds(),
                                ServiceAccountTokens.LONGEST.toSeconds()));
        ServiceAccountTokens.Issued issued =
                tokens.issue(
                        account.get(),
                        List.of(audience.isEmpty() ? ServiceAccountTokens.ISSUER : audience),
                        life,
                        bound);
        return new TokenReply.Issued(issued.token(), issued.expires());
    }
}
