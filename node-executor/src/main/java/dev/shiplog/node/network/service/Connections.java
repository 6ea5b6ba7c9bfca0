package dev.shiplog.node.network.service;

import dev.shiplog.node.linux.Programs;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Map;

/**
 * Connections that the kernel remembers. One of UDP has no end: a client that goes on sending would
 * reach an endpoint that is gone for ever, unless the kernel is told to forget.
 */
final class Connections {
    /** Endpoints forgotten one by one in one change; of more, all of UDP is forgotten. */
    private static final int ONE_BY_ONE = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private boolean told;

    /** Forgets those of UDP that lead to endpoints which a change took away. */
    void forget(Plan.Change change) {
        int count = 0;
        for (Map.Entry<Element, String> removed : change.removed().entrySet()) {
            String[] key = removed.getKey().key().split(" \\. ", -1);
            boolean leads =
                    removed.getKey().map().endsWith("endpoints")
                            || removed.getKey().map().endsWith("numbered");
            boolean vip = removed.getKey().map().startsWith("vip_");
            String[] target = removed.getValue().split(" \\. ", -1);
            if (!leads || !key[vip ? 1 : 0].equals("udp") || stays(change, removed.getKey().front(), removed.getValue())) {
                continue;
            }
            count++;
            if (count > ONE_BY_ONE) {
                run("conntrack", "-D", "-p", "udp", "--dst-nat");
                return;
            }
            if (vip) {
                run(
                        "conntrack", "-D", "-p", "udp", "--orig-dst", key[0], "--orig-port-dst",
                        key[2], "--dst-nat", target[0]);
            } else {
                run(
                        "conntrack", "-D", "-p", "udp", "--orig-port-dst", key[1], "--dst-nat",
                        target[0]);
            }
        }
    }

    /** Whether the endpoint is there still, only at another place. */
    private static boolean stays(Plan.Change change, String front, String target) {
        return change.added().entrySet().stream()
                .anyMatch(added ->
                        added.getValue().equals(target) && added.getKey().front().equals(front));
    }

    private void run(String... words) {
        if (!Programs.installed("conntrack")) {
            if (!told) {
                told = true;
                LOG.warn(
                        "no conntrack on this machine: clients of UDP Services stay with endpoints"
                                + " that are gone while they go on sending; install the package"
                                + " conntrack");
            }
            return;
        }
        try {
            Programs.run(words);
        } catch (IOException none) {
            // It ends with 1 when there was none to forget.
            LOG.debug("forgetting connections", none);
        }
    }
}
