package dev.shiplog.node.network.service;

import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.nft.Nft;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The Services of a cluster in the packet filter of this node. One look-up finds a packet's
 * Service, however many there are; one transaction takes what changed.
 *
 * <p>Not for several threads at a time.
 */
public final class ServiceTable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceTable.class);

    /** Under which the node's own redirects stand among the Services. */
    private static final ResourceKey OWN = new ResourceKey(GroupKind.SERVICE, "", "node");

    private final NetworkNames names;
    private final Subnet cluster;
    private final Surroundings around;
    private final Optional<ServiceRanges> range;
    private final Nft table;
    private final Connections connections = new Connections();
    private final Plan plan = new Plan();
    private final SortedSet<Chain> chains = new TreeSet<>();

    /** As nft wrote it after the last change of its outline; empty if it is not known. */
    private Optional<String> outline = Optional.empty();

    private boolean loaded;

    /** Whether the last change did not get into the kernel. */
    private boolean behind;

    /**
     * @param cluster the range of all the cluster's pods
     */
    public ServiceTable(NetworkNames names, Subnet cluster, Surroundings around) {
        this(names, cluster, around, Optional.empty());
    }

    /**
     * The same for a cluster whose Services have a range of addresses, which no other cluster on
     * this machine then takes.
     */
    public ServiceTable(
            NetworkNames names,
            Subnet cluster,
            Surroundings around,
            Optional<ServiceRanges> range) {
        this.range = range;
        this.names = names;
        this.cluster = cluster;
        this.around = around;
        this.table = new Nft(names.serviceTable());
        plan.take(Map.of(OWN, redirects()));
    }

    /** A Service and who stands behind it. */
    public record Known(Resource service, Collection<Resource> slices) {}

    /**
     * Takes Services as they are now.
     *
     * @param changed each with what is known of it; empty if it is gone
     */
    public void take(SortedMap<ResourceKey, Optional<Known>> changed) throws IOException {
        SortedMap<ResourceKey, Forwarding> forwardings = new TreeMap<>();
        changed.forEach((key, known) ->
                forwardings.put(
                        key,
                        known.map(now -> Frontends.of(now.service(), now.slices(), around))
                                .orElse(Forwarding.NOTHING)));
        Plan.Change change = plan.take(forwardings);
        behind |= !change.isEmpty();
        if (!loaded) {
            load();
        } else if (!change.isEmpty()) {
            commit(change);
            connections.forget(change);
        }
        behind = false;
    }

    /** Writes all of it, in place of whatever is there. */
    public void load() throws IOException {
        SortedSet<Chain> needed = plan.chains();
        String script =
                new Script(table.name())
                        .frame(names, cluster)
                        .claim(range)
                        .chains(needed)
                        .add(plan.elements())
                        .toString();
        try {
            table.commit(script);
        } catch (IOException unlike) {
            LOG.debug("table {} is of another make", table.name(), unlike);
            table.commit(
                    "add table ip "
                            + table.name()
                            + "\ndelete table ip "
                            + table.name()
                            + "\n"
                            + script);
        }
        chains.clear();
        chains.addAll(needed);
        outline = table.outline();
        loaded = true;
        behind = false;
    }

    private void commit(Plan.Change change) throws IOException {
        SortedSet<Chain> fresh = new TreeSet<>(plan.chains());
        fresh.removeAll(chains);
        try {
            table.commit(
                    new Script(table.name())
                            .chains(fresh)
                            .delete(change.removed())
                            .add(change.added())
                            .toString());
            chains.addAll(fresh);
            if (!fresh.isEmpty()) {
                outline = table.outline();
            }
        } catch (IOException changed) {
            LOG.warn(
                    "nftables table {} was changed from outside, and is written anew: {}",
                    table.name(),
                    changed.getMessage());
            load();
        }
    }

    /** Whether its rules and maps are as they were left; elements are not compared. */
    public boolean sound() {
        return !behind && (!loaded || (outline.isPresent() && table.outline().equals(outline)));
    }

    /** What load balancers may ask this node, by port. */
    public SortedMap<Integer, HealthCheck> healthChecks() {
        return plan.healthChecks();
    }

    private Forwarding redirects() {
        SortedMap<Element, String> elements = new TreeMap<>();
        SortedSet<Chain> needed = new TreeSet<>();
        around.redirects()
                .forEach((from, to) -> {
                    Chain chain = new Chain(false, false, 1, 0);
                    String key = from.address() + " . tcp . " + from.port();
                    needed.add(chain);
                    elements.put(new Element("vips", key), "goto " + chain.name());
                    elements.put(
                            new Element(chain.map("endpoints"), key, Numbers.text(0)), to.text());
                });
        return new Forwarding(elements, needed, Optional.empty());
    }
}
