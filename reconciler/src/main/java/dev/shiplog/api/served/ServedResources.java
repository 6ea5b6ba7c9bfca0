package dev.shiplog.api.served;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.secret.SecretDocuments;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is served: each kind under each of its API versions, and Events in both of their
 * groups.
 *
 * <p>Invariant: groups come in the order in which clients should try them: the core group, then
 * those that are some kind's own, then those that only hold old versions.
 */
public final class ServedResources {
    private final Map<String, Map<String, ServedResource>> byVersion = new LinkedHashMap<>();

    private final List<Virtual> virtuals;

    /** As it is kept: Secrets sealed. */
    public ServedResources(Collection<Kind> kinds) {
        this(kinds, Optional.empty(), List.of());
    }

    /** As it is read by those who may: Secrets opened. */
    public ServedResources(Collection<Kind> kinds, SecretDocuments secrets) {
        this(kinds, Optional.of(secrets), List.of());
    }

    /**
     * As it is read by those who may: Secrets opened.
     *
     * @param virtuals what is served beside the kinds
     */
    public ServedResources(
            Collection<Kind> kinds, SecretDocuments secrets, List<Virtual> virtuals) {
        this(kinds, Optional.of(secrets), virtuals);
    }

    private ServedResources(
            Collection<Kind> kinds, Optional<SecretDocuments> secrets, List<Virtual> virtuals) {
        this.virtuals = List.copyOf(virtuals);
        List<ServedResource> all = new ArrayList<>();
        for (Kind kind : kinds) {
            for (String apiVersion : kind.servedVersions()) {
                Rendering kept = Rendering.in(apiVersion);
                Rendering shown =
                        secrets.filter(_ -> kind.groupKind().equals(GroupKind.SECRET))
                                .map(open -> Rendering.opened(kept, open))
                                .orElse(kept);
                all.add(
                        new ServedResource(
                                kind,
                                apiVersion,
                                shown,
                                secrets.filter(_ -> kind.groupKind().equals(GroupKind.SECRET))));
            }
            if (kind.groupKind().equals(GroupKind.EVENT)
                    && !kind.servedVersions().contains(EventsView.API_VERSION)) {
                all.add(new ServedResource(kind, EventsView.API_VERSION, EventsView::document));
            }
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
