package dev.shiplog.node.network.service;

import dev.shiplog.node.linux.Programs;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Connections that the kernel remembers. One of UDP has no end: a client that goes on sending would
 * reach an endpoint that is gone for ever, unless the kernel is told to forget.
 */
final class Connections {
    /** Endpoints forgotten one by one in one change; of more, all of UDP is forgotten. */
    private static final int ONE_BY_ONE = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private boolean told;

    /**
     * Forgets those of UDP that lead to endpoints which a change took away, and those to a way in
     * that nobody led on before.
     */
    void forget(Plan.Change change) {
        SortedSet<List<String>> which = new TreeSet<>(Comparator.comparing(List::toString));
        change.removed()
                .forEach((element, target) -> {
                    boolean leads =
                            element.map().endsWith("endpoints")
                                    || element.map().endsWith("numbered");
                    if (leads && udp(element) && !stays(change, element.front(), target)) {
                        which.add(to(element, List.of("--dst-nat", target.split(" ", 2)[0])));
                    }
                });
        change.added()
                .keySet()
                .forEach(element -> {
                    boolean opens =
                            element.map().endsWith("vips") || element.map().endsWith("ports");
                    if (opens && udp(element) && !change.removed().containsKey(element)) {
                        which.add(to(element, List.of()));
                    }
                });
        if (which.size() > ONE_BY_ONE) {
            run(List.of());
        } else {
            which.forEach(this::run);
        }
    }

    private static boolean udp(Element element) {
        return element.front().contains("udp . ");
    }

    /** How conntrack(8) is told of the connections to a way in. */
    private static List<String> to(Element element, List<String> more) {
        String[] front = element.front().split(" \\. ", -1);
        List<String> words = new ArrayList<>();
        if (front.length == 3) {
            words.addAll(List.of("--orig-dst", front[0]));
        }
        words.addAll(List.of("--orig-port-dst", front[front.length - 1]));
        words.addAll(more);
        return words;
    }

    /** Whether the endpoint is there still, only at another place. */
    private static boolean stays(Plan.Change change, String front, String target) {
        return change.added().entrySet().stream()
                .anyMatch(added ->
                        added.getValue().equals(target) && added.getKey().front().equals(front));
    }

    private void run(List<String> which) {
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
            List<String> words = new ArrayList<>(List.of("conntrack", "-D", "-p", "udp"));
            words.addAll(which);
            Programs.run("", words);
        } catch (IOException none) {
            // It ends with 1 when there was none to forget.
            LOG.debug("forgetting connections", none);
        }
    }
}
