package dev.shiplog.node.plan;

import dev.shiplog.node.runtime.ResolvConf;

import java.util.List;

/**
 * Where pods of this node look names up.
 *
 * @param servers the cluster's DNS servers as pods reach them; none if there are none here
 * @param machine what the machine itself uses, without servers that only it reaches
 */
public record NodeNames(List<String> servers, ResolvConf machine) {
    /** Nowhere. */
    public static final NodeNames NONE = new NodeNames(List.of(), ResolvConf.EMPTY);

    public NodeNames {
        servers = List.copyOf(servers);
    }
}
