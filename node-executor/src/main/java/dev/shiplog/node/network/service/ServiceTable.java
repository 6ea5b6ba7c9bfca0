package dev.shiplog.node.network.service;

import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.nft.Nft;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The Services of a cluster in the packet filter of this node. One look-up finds a packet's
 * Service, however many there are; one transaction takes what changed.
 *
 * <p>Not for several threads at a time.
 */
public final class ServiceTable implements ServicePlane {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceTable.class);

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
        plan.take(Frontends.own(around));
    }

    @Override
    public void take(SortedMap<ResourceKey, Optional<Known>> changed) throws IOException {
        Plan.Change change = plan.take(Frontends.of(changed, around));
        behind |= !change.isEmpty();
        if (!loaded) {
            load();
        } else if (!change.isEmpty()) {
            commit(change);
            connections.forget(change);
        }
        behind = false;
    }

    @Override
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

    /** As for its rules and maps; elements are not compared. */
    @Override
    public boolean sound() {
        return !behind && (!loaded || (outline.isPresent() && table.outline().equals(outline)));
    }

    /** The kernel takes all or nothing, and that is {@link #sound()}. */
    @Override
    public void retry() {}

    @Override
    public String part() {
        return "nftables table " + table.name();
    }

    @Override
    public SortedMap<Integer, HealthCheck> healthChecks() {
        return plan.healthChecks();
    }

    /** The kernel goes on without us. */
    @Override
    public void close() {}

    /**
     * Takes it away where somebody else leads to Services from now on; what it claims stays.
     *
     * @param range see {@link RangeClaim}
     */
    public static void leave(NetworkNames names, Optional<ServiceRanges> range) throws IOException {
        Nft table = new Nft(names.serviceTable());
        table.remove();
        if (range.isPresent()) {
            table.commit(
                    "add table ip " + table.name() + "\n" + new Script(table.name()).claim(range));
        }
    }
}
