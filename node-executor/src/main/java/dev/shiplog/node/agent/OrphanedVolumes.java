package dev.shiplog.node.agent;

import dev.shiplog.node.volume.VolumeFailure;
import dev.shiplog.node.volume.Volumes;
import dev.shiplog.resource.Uid;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Removes the volumes of pods that are gone without anybody having removed them, which happens when
 * this program is killed at the wrong moment. Two looks must find them so: the orders of a pod that
 * should still run may be under way at the first.
 */
final class OrphanedVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanedVolumes.class);

    private final Volumes volumes;
    private Set<Uid> suspected = new TreeSet<>();

    OrphanedVolumes(Volumes volumes) {
        this.volumes = volumes;
    }

    /**
     * Looks once.
     *
     * @param known whether a pod is supervised or has anything in the runtime
     */
    void look(Predicate<Uid> known) {
        try {
            Set<Uid> orphans = new TreeSet<>(volumes.pods());
            orphans.removeIf(known);
            for (Uid orphan : orphans) {
                if (suspected.contains(orphan)) {
                    volumes.remove(orphan);
                    LOG.info("removed the volumes of pod {}, which is gone", orphan);
                }
            }
            suspected = orphans;
        } catch (VolumeFailure e) {
            LOG.warn("{}", e.text());
        }
    }
}
