package dev.shiplog.node.network.service;

import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.nft.Nft;
import dev.shiplog.node.network.pod.MachineLock;
import dev.shiplog.node.network.pod.Routes;
import dev.shiplog.resource.ServiceRanges;

import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which addresses Services of a cluster have, so that no other cluster on this machine has them:
 * the machine itself reaches both by address alone.
 *
 * <p>A claim is the name of an empty set in the table of the cluster's Services. It is there before
 * the cluster forwards anything, stays while no program of it runs, and goes with the table.
 */
public final class RangeClaim {
    private static final Pattern CLAIM =
            Pattern.compile("table ip (\\w+) \\{|set range_(\\d+)_(\\d+)_(\\d+)_(\\d+)_(\\d+) ");

    private RangeClaim() {}

    /** What a claim is called. */
    static String name(ServiceRanges range) {
        return "range_" + range.cidr().replace('.', '_').replace('/', '_');
    }

    /**
     * Chooses a range at a cluster's first start, and claims it.
     *
     * @param wanted what somebody asked for; empty for any that is free
     * @throws IOException if there is none, or the wanted one is not free; the message says whose
     *     it is and what to do
     */
    public static ServiceRanges choose(NetworkNames names, Optional<ServiceRanges> wanted)
            throws IOException {
        return MachineLock.held(() -> {
            SortedMap<String, ServiceRanges> claims = claims();
            claims.remove(names.serviceTable());
            ServiceRanges chosen = wanted.isPresent() ? free(wanted.get(), claims) : any(claims);
            new Nft(names.serviceTable())
                    .commit(
                            "add table ip "
                                    + names.serviceTable()
                                    + "\nadd set ip "
                                    + names.serviceTable()
                                    + " "
                                    + name(chosen)
                                    + " { type ipv4_addr; }\n");
            return chosen;
        });
    }

    /** Gives back what was claimed for a cluster that nothing came of. */
    public static void release(NetworkNames names) throws IOException {
        new Nft(names.serviceTable()).remove();
    }

    private static ServiceRanges any(SortedMap<String, ServiceRanges> claims) throws IOException {
        for (ServiceRanges candidate : ServiceRanges.candidates()) {
            if (objection(candidate, claims).isEmpty()) {
                return candidate;
            }
        }
        throw new IOException(
                "expected a free range of addresses for Services, found all "
                        + ServiceRanges.candidates().size()
                        + " that are tried in use: choose one with --service-cidr, or delete a"
                        + " cluster ('nft list tables' shows what they left)");
    }

    private static ServiceRanges free(ServiceRanges wanted, SortedMap<String, ServiceRanges> claims)
            throws IOException {
        Optional<String> objection = objection(wanted, claims);
        if (objection.isPresent()) {
            throw new IOException(
                    "expected the range "
                            + wanted.cidr()
                            + " for Services to be free on this machine, found "
                            + objection.get()
                            + ": choose another with --service-cidr, or leave the choice to us");
        }
        return wanted;
    }

    private static Optional<String> objection(
            ServiceRanges range, SortedMap<String, ServiceRanges> claims) throws IOException {
        for (var claim : claims.entrySet()) {
            if (claim.getValue().overlaps(range)) {
                return Optional.of(
                        "another cluster with "
                                + claim.getValue().cidr()
                                + " (nftables table "
                                + claim.getKey()
                                + ")");
            }
        }
        return Routes.taken(new Subnet(range.network(), range.prefix()))
                ? Optional.of("a route into it ('ip route' shows whose)")
                : Optional.empty();
    }

    /**
     * What clusters on this machine have, by their tables. One that was made before there were
     * claims has the default.
     */
    private static SortedMap<String, ServiceRanges> claims() {
        return read(Nft.outlines());
    }

    static SortedMap<String, ServiceRanges> read(String sets) {
        SortedMap<String, ServiceRanges> claims = new TreeMap<>();
        Matcher matcher = CLAIM.matcher(sets);
        String table = "";
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                table = matcher.group(1);
                if (NetworkNames.isServiceTable(table)) {
                    claims.put(table, ServiceRanges.DEFAULT);
                }
            } else if (NetworkNames.isServiceTable(table)) {
                claims.put(
                        table,
                        ServiceRanges.parse(
                                matcher.group(2)
                                        + "."
                                        + matcher.group(3)
                                        + "."
                                        + matcher.group(4)
                                        + "."
                                        + matcher.group(5)
                                        + "/"
                                        + matcher.group(6)));
            }
        }
        return claims;
    }
}
