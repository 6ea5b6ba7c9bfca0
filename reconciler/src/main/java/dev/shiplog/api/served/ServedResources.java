package dev.shiplog.api.served;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.kind.Kind;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is served: each kind under each of its API versions, Events in both of their
 * groups, and the Leases that {@code kubectl describe node} asks for, of which there are none.
 *
 * <p>Invariant: groups come in the order in which clients should try them: the core group, then
 * those that are some kind's own, then those that only hold old versions.
 */
public final class ServedResources {
    /** Node heartbeats are no resources here; clients get an empty list. */
    private static final Kind LEASE =
            new Kind(
                    new GroupKind("coordination.k8s.io", "Lease"),
                    "leases",
                    "lease",
                    List.of(),
                    List.of(),
                    true,
                    "coordination.k8s.io/v1",
                    List.of("coordination.k8s.io/v1"),
                    false,
                    GenericKubernetesResource.class,
                    List.of());

    private final Map<String, Map<String, ServedResource>> byVersion = new LinkedHashMap<>();

    private final List<Virtual> virtuals;

    public ServedResources(Collection<Kind> kinds) {
        this(kinds, List.of());
    }

    /**
     * @param virtuals what is served beside the kinds
     */
    public ServedResources(Collection<Kind> kinds, List<Virtual> virtuals) {
        this.virtuals = List.copyOf(virtuals);
        List<ServedResource> all = new ArrayList<>();
        for (Kind kind : kinds) {
            for (String apiVersion : kind.servedVersions()) {
                all.add(new ServedResource(kind, apiVersion, Rendering.in(apiVersion)));
            }
            if (kind.groupKind().equals(GroupKind.EVENT)
                    && !kind.servedVersions().contains(EventsView.API_VERSION)) {
                all.add(new ServedResource(kind, EventsView.API_VERSION, EventsView::document));
            }
        }
        if (kinds.stream().noneMatch(kind -> kind.groupKind().equals(LEASE.groupKind()))) {
            all.add(
                    new ServedResource(
                            LEASE, LEASE.storageVersion(), Rendering.in(LEASE.storageVersion())));
        }
        List<String> own =
                all.stream()
                        .filter(ServedResource::preferredGroup)
                        .map(ServedResource::group)
                        .toList();
        all.sort(
                Comparator.comparing((ServedResource served) -> !served.group().isEmpty())
                        .thenComparing(served -> !own.contains(served.group())));
        for (ServedResource served : all) {
            byVersion
                    .computeIfAbsent(served.apiVersion(), _ -> new LinkedHashMap<>())
                    .put(served.plural(), served);
        }
    }

    /** Every group, in order of preference, with its API versions, the preferred one first. */
    public Map<String, List<String>> versionsByGroup() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (String apiVersion : byVersion.keySet()) {
            add(groups, apiVersion);
        }
        virtuals.forEach(virtual -> add(groups, virtual.apiVersion()));
        return groups;
    }

    private static void add(Map<String, List<String>> groups, String apiVersion) {
        int slash = apiVersion.indexOf('/');
        List<String> versions =
                groups.computeIfAbsent(
                        slash < 0 ? "" : apiVersion.substring(0, slash), _ -> new ArrayList<>());
        if (!versions.contains(apiVersion)) {
            versions.add(apiVersion);
        }
    }

    /** What can be created under an API version and is not kept. */
    public List<Virtual> virtuals(String apiVersion) {
        return virtuals.stream().filter(v -> v.apiVersion().equals(apiVersion)).toList();
    }

    public Optional<Virtual> virtual(String apiVersion, String plural) {
        return virtuals(apiVersion).stream().filter(v -> v.plural().equals(plural)).findFirst();
    }

    /** What is served under an API version; empty if it is not known. */
    public Collection<ServedResource> of(String apiVersion) {
        return Collections.unmodifiableCollection(
                byVersion.getOrDefault(apiVersion, Map.of()).values());
    }

    public Optional<ServedResource> find(String apiVersion, String plural) {
        return Optional.ofNullable(byVersion.getOrDefault(apiVersion, Map.of()).get(plural));
    }
}
