package dev.shiplog.node.plan;

import dev.shiplog.node.volume.PodVolumes;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is remembered of a pod's volumes between two looks.
 *
 * @param made how they were made last
 * @param paths where each begins on the machine, by name
 * @param renewAt when they must be made again although they are as they should be
 * @param measured when they were measured last
 * @param failed what could not be made at the last try
 * @param held the failure of the last try
 * @param removed whether they are gone again
 * @param noted what was last told to people, so that it is told once
 */
record VolumeHistory(
        Optional<PodVolumes> made,
        SortedMap<String, Path> paths,
        Optional<Instant> renewAt,
        Optional<Instant> measured,
        Optional<PodVolumes> failed,
        Optional<Held> held,
        boolean removed,
        String noted) {
    static final VolumeHistory NONE =
            new VolumeHistory(
                    Optional.empty(),
                    Collections.emptySortedMap(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    "");

    VolumeHistory {
        paths = Collections.unmodifiableSortedMap(new TreeMap<>(paths));
    }

    VolumeHistory withMade(
            PodVolumes volumes, SortedMap<String, Path> at, Optional<Instant> newRenewAt) {
        return new VolumeHistory(
                Optional.of(volumes),
                at,
                newRenewAt,
                measured,
                Optional.empty(),
                Optional.empty(),
                false,
                "");
    }

    VolumeHistory withFailed(PodVolumes volumes, Held why) {
        return new VolumeHistory(
                made,
                paths,
                renewAt,
                measured,
                Optional.of(volumes),
                Optional.of(why),
                removed,
                noted);
    }

    VolumeHistory withMeasured(Instant at) {
        return new VolumeHistory(
                made, paths, renewAt, Optional.of(at), failed, held, removed, noted);
    }

    VolumeHistory withNoted(String value) {
        return new VolumeHistory(made, paths, renewAt, measured, failed, held, removed, value);
    }

    VolumeHistory withRemoved() {
        return new VolumeHistory(
                Optional.empty(),
                Collections.emptySortedMap(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                noted);
    }
}
