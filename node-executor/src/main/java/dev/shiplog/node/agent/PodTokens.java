package dev.shiplog.node.agent;

import dev.shiplog.node.link.ControlPlane;
import dev.shiplog.node.link.ControlPlane.TokenReply;
import dev.shiplog.node.volume.TokenSource;
import dev.shiplog.node.volume.VolumeFailure;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

/** Asks the control plane for the tokens of a node's pods. */
record PodTokens(NodeName node, ControlPlane controlPlane) implements TokenSource {
    @Override
    public Token token(ResourceKey pod, Uid uid, String audience, long seconds)
            throws VolumeFailure {
        TokenReply reply;
        try {
            reply = controlPlane.token(node, pod, uid, audience, seconds);
        } catch (RuntimeException unreachable) {
            throw new VolumeFailure(
                    "the control plane does not answer: " + unreachable.getMessage(), unreachable);
        }
        return switch (reply) {
            case TokenReply.Issued issued -> new Token(issued.token(), issued.expires());
            case TokenReply.Refused(String why) -> throw new VolumeFailure(why);
        };
    }
}
