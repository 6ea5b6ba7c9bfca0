package dev.shiplog.link;

import dev.shiplog.node.link.ControlPlane.TokenReply;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

/** Issues the tokens that pods get from their nodes. */
public interface TokenIssuer {
    /** For clusters that issue none. */
    TokenIssuer NONE = (_, _, _, _, _) -> new TokenReply.Refused("this cluster issues no tokens");

    /**
     * A token of the service account that a pod runs as, bound to the pod.
     *
     * @param node on which the pod must run
     * @param audience whom it is meant for; empty for the API server
     */
    TokenReply issue(NodeName node, ResourceKey pod, Uid uid, String audience, long seconds);
}
