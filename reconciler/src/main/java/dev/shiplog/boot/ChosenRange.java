package dev.shiplog.boot;

import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.network.pod.Routes;
import dev.shiplog.node.network.service.RangeClaim;
import dev.shiplog.resource.PodRanges;
import dev.shiplog.resource.ServiceRanges;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/**
 * The ranges of the addresses of a cluster's Services and pods: chosen at its first start, so that
 * clusters on one machine do not have the same, and kept in its settings. The log says them too,
 * and is right.
 */
record ChosenRange(ServiceRanges services, PodRanges pods) {
    /**
     * The ranges of a profile's cluster.
     *
     * @throws IllegalArgumentException if what was asked for is no range, or is not free here; the
     *     message says what to do
     */
    static ChosenRange of(Profile profile, Settings settings) throws IOException {
        Optional<ServiceRanges> services = settings.network().services().map(ServiceRanges::parse);
        Optional<PodRanges> pods = settings.network().pods().map(PodRanges::parse);
        if (Files.exists(profile.log())) {
            return new ChosenRange(
                    services.orElse(ServiceRanges.DEFAULT), pods.orElse(PodRanges.DEFAULT));
        }
        // Nothing leads to them on a machine without a network for pods.
        boolean led = !settings.runtime().equals("simulated") && PodNetwork.objection().isEmpty();
        Taken taken = led ? Routes::taken : _ -> false;
        if (!led) {
            ServiceRanges ofServices = services.orElse(ServiceRanges.DEFAULT);
            return kept(profile, settings, ofServices, pods(pods, ofServices, taken));
        }
        NetworkNames names =
                NetworkNames.of(ClusterId.ensure(profile.clusterIdFile()), Server.NODE);
        ServiceRanges ofServices = services(names, services);
        boolean chosen = false;
        try {
            ChosenRange ranges = kept(profile, settings, ofServices, pods(pods, ofServices, taken));
            chosen = true;
            return ranges;
        } finally {
            if (!chosen) {
                RangeClaim.release(names);
            }
        }
    }

    private static ChosenRange kept(
            Profile profile, Settings settings, ServiceRanges services, PodRanges pods)
            throws IOException {
        SettingsFile.write(
                settings.withNetwork(settings.network().withRanges(services, pods)),
                profile.settings());
        return new ChosenRange(services, pods);
    }

    /** Whether a range touches what this machine leads elsewhere. */
    interface Taken {
        boolean test(Subnet range) throws IOException;
    }

    private static ServiceRanges services(NetworkNames names, Optional<ServiceRanges> said) {
        try {
            return RangeClaim.choose(names, said);
        } catch (IOException none) {
            throw new IllegalArgumentException(none.getMessage(), none);
        }
    }

    /** Clusters on one machine may share a range of pods: each node takes a free part of it. */
    static PodRanges pods(Optional<PodRanges> said, ServiceRanges services, Taken taken)
            throws IOException {
        if (said.isPresent()) {
            Optional<String> objection = objection(said.get(), services, taken);
            if (objection.isPresent()) {
                throw new IllegalArgumentException(
                        "expected the range "
                                + said.get().cidr()
                                + " for pods to be free, found "
                                + objection.get()
                                + ": choose another with --pod-cidr, or leave the choice to us");
            }
            return said.get();
        }
        for (PodRanges candidate : PodRanges.candidates()) {
            if (objection(candidate, services, taken).isEmpty()) {
                return candidate;
            }
        }
        throw new IllegalArgumentException(
                "expected a free range of addresses for pods, found all "
                        + PodRanges.candidates().size()
                        + " that are tried in use: choose one with --pod-cidr");
    }

    private static Optional<String> objection(PodRanges pods, ServiceRanges services, Taken taken)
            throws IOException {
        if (pods.overlaps(services)) {
            return Optional.of("the cluster's Services in " + services.cidr());
        }
        for (int i = 0; i < PodRanges.COUNT; i++) {
            if (!taken.test(Subnet.parse(pods.range(i)))) {
                return Optional.empty();
            }
        }
        return Optional.of("routes into all of it ('ip route' shows whose)");
    }
}
