package dev.shiplog.node.link;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a pod needs to know besides itself, as it is now: the ConfigMaps and Secrets that it refers
 * to, and the Services that it may find. Secrets are in the plain: this goes from the control plane
 * to the node and into containers, and is neither kept nor printed.
 */
public final class PodInputs {
    /** A pod that refers to nothing, or to nothing that exists. */
    public static final PodInputs NONE = new PodInputs(Map.of(), Map.of());

    private final SortedMap<String, SortedMap<String, byte[]>> configMaps;
    private final SortedMap<String, SortedMap<String, byte[]>> binaries;
    private final SortedMap<String, SortedMap<String, byte[]>> secrets;
    private final SortedMap<String, String> services;

    /**
     * @param configMaps values by key, by name of the ConfigMap; in the pod's namespace
     * @param secrets values by key, by name of the Secret
     */
    public PodInputs(
            Map<String, SortedMap<String, byte[]>> configMaps,
            Map<String, SortedMap<String, byte[]>> secrets) {
        this(configMaps, Map.of(), secrets, Collections.emptySortedMap());
    }

    /**
     * @param configMaps values by key, by name of the ConfigMap; in the pod's namespace
     * @param binaries their {@code binaryData}: what only files can hold, and no variables
     * @param secrets values by key, by name of the Secret
     * @param services the variables by which containers find Services; shared by many pods, so not
     *     changed afterwards
     */
    public PodInputs(
            Map<String, SortedMap<String, byte[]>> configMaps,
            Map<String, SortedMap<String, byte[]>> binaries,
            Map<String, SortedMap<String, byte[]>> secrets,
            SortedMap<String, String> services) {
        this.services = Collections.unmodifiableSortedMap(services);
        this.binaries = Collections.unmodifiableSortedMap(new TreeMap<>(binaries));
        this.configMaps = Collections.unmodifiableSortedMap(new TreeMap<>(configMaps));
        this.secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    /** All ConfigMaps, by name. */
    public SortedMap<String, SortedMap<String, byte[]>> configMaps() {
        return configMaps;
    }

    /** The {@code binaryData} of all ConfigMaps, by name. */
    public SortedMap<String, SortedMap<String, byte[]>> binaries() {
        return binaries;
    }

    /** All Secrets, by name. */
    public SortedMap<String, SortedMap<String, byte[]>> secrets() {
        return secrets;
    }

    /** The values of a ConfigMap; empty if there is no such ConfigMap. */
    public Optional<SortedMap<String, byte[]>> configMap(String name) {
        return Optional.ofNullable(configMaps.get(name));
    }

    /** All that a ConfigMap gives files; empty if there is no such ConfigMap. */
    public Optional<SortedMap<String, byte[]>> files(String name) {
        return configMap(name)
                .map(texts -> {
                    SortedMap<String, byte[]> files = new TreeMap<>(texts);
                    files.putAll(binaries.getOrDefault(name, Collections.emptySortedMap()));
                    return files;
                });
    }

    /** The values of a Secret; empty if there is no such Secret. */
    public Optional<SortedMap<String, byte[]>> secret(String name) {
        return Optional.ofNullable(secrets.get(name));
    }

    /** The variables by which containers find Services. */
    public SortedMap<String, String> services() {
        return services;
    }

    @Override
    public String toString() {
        return "PodInputs[configMaps="
                + configMaps.keySet()
                + ", secrets="
                + secrets.keySet()
                + "]";
    }
}
