package dev.shiplog.boot;

import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.network.service.RangeClaim;
import dev.shiplog.resource.ServiceRanges;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/**
 * The range of the addresses of a cluster's Services: chosen at its first start, so that clusters
 * on one machine do not have the same, and kept in its settings. The log says it too, and is right.
 */
final class ChosenRange {
    private ChosenRange() {}

    /**
     * The range of a profile's cluster.
     *
     * @throws IllegalArgumentException if what was asked for is no range, or is not free here; the
     *     message says what to do
     */
    static ServiceRanges of(Profile profile, Settings settings) throws IOException {
        Optional<ServiceRanges> said = settings.network().services().map(ServiceRanges::parse);
        if (Files.exists(profile.log())) {
            return said.orElse(ServiceRanges.DEFAULT);
        }
        ServiceRanges chosen = chosen(profile, settings, said);
        settings.withNetwork(settings.network().withRanges(chosen.cidr(), settings.network().pods()))
                .write(profile.settings());
        return chosen;
    }

    private static ServiceRanges chosen(
            Profile profile, Settings settings, Optional<ServiceRanges> said) throws IOException {
        if (settings.runtime().equals("simulated") || PodNetwork.objection().isPresent()) {
            // Nothing leads to them on this machine.
            return said.orElse(ServiceRanges.DEFAULT);
        }
        String cluster = ClusterId.ensure(profile.clusterIdFile());
        try {
            return RangeClaim.choose(NetworkNames.of(cluster, Server.NODE), said);
        } catch (IOException none) {
            throw new IllegalArgumentException(none.getMessage(), none);
        }
    }
}
