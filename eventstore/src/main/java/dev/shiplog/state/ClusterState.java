package dev.shiplog.state;

import dev.shiplog.event.Recorded;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.NoteId;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;

import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The whole cluster at one position of the log. Immutable: a change makes a new revision that
 * shares what did not change.
 *
 * <p>Invariants: {@code evolve} over the whole log from {@link #EMPTY} gives this value, however
 * the log is split into batches; iteration is in key order; the indexes ({@code dependents}, {@code
 * podsOn}, {@code declarationsOf}, {@code uncontrolled}) say exactly what the maps say.
 */
public final class ClusterState {
    /** Before the first event. */
    public static final ClusterState EMPTY =
            new ClusterState(
                    Position.ORIGIN,
                    TreePMap.empty(),
                    TreePMap.empty(),
                    TreePMap.empty(),
                    TreePMap.empty(),
                    TreePMap.empty(),
                    TreePMap.empty(),
                    TreePMap.empty(),
                    Position.ORIGIN,
                    TreePMap.empty(),
                    TreePMap.empty(),
                    TreePMap.empty(),
                    TreePMap.empty(),
                    TreePSet.empty(),
                    LabelIndex.EMPTY);

    final Position position;
    final TreePMap<ResourceKey, Resource> resources;
    final TreePMap<ResourceKey, Declared> declared;
    final TreePMap<SourceName, SourceState> sources;

    /** Orders given and not acknowledged, by node and position. */
    final TreePMap<NodeName, TreePMap<Position, Work>> work;

    /** The newest order of each live pod that has one. */
    final TreePMap<Uid, Ordered> ordered;

    /** The Event resources by the position that last noted them, for forgetting the oldest. */
    final TreePMap<Position, NoteAge> notes;

    final TreePMap<NodeName, SentNotes> sentNotes;

    // Indexes: derived from the maps above, never part of a snapshot or a hash.

    /** See {@link #policyChanged()}. */
    final Position policyChanged;

    final TreePMap<Uid, TreePSet<ResourceKey>> dependents;
    final TreePMap<NodeName, TreePSet<ResourceKey>> podsByNode;
    final TreePMap<SourceName, TreePSet<ResourceKey>> declaredBySource;

    /** Which Service has an address or a node port. */
    final TreePMap<String, ResourceKey> serviceAddresses;

    /** What no controller manages; without Events, which nobody adopts. */
    final TreePSet<ResourceKey> uncontrolled;

    final LabelIndex labels;

    ClusterState(
            Position position,
            TreePMap<ResourceKey, Resource> resources,
            TreePMap<ResourceKey, Declared> declared,
            TreePMap<SourceName, SourceState> sources,
            TreePMap<NodeName, TreePMap<Position, Work>> work,
            TreePMap<Uid, Ordered> ordered,
            TreePMap<Position, NoteAge> notes,
            TreePMap<NodeName, SentNotes> sentNotes,
            Position policyChanged,
            TreePMap<Uid, TreePSet<ResourceKey>> dependents,
            TreePMap<NodeName, TreePSet<ResourceKey>> podsByNode,
            TreePMap<SourceName, TreePSet<ResourceKey>> declaredBySource,
            TreePMap<String, ResourceKey> serviceAddresses,
            TreePSet<ResourceKey> uncontrolled,
            LabelIndex labels) {
        this.position = position;
        this.resources = resources;
        this.declared = declared;
        this.sources = sources;
        this.work = work;
        this.ordered = ordered;
        this.notes = notes;
        this.sentNotes = sentNotes;
        this.policyChanged = policyChanged;
        this.dependents = dependents;
        this.podsByNode = podsByNode;
        this.declaredBySource = declaredBySource;
        this.serviceAddresses = serviceAddresses;
        this.uncontrolled = uncontrolled;
        this.labels = labels;
    }

    /** The position of the last event folded in. */
    public Position position() {
        return position;
    }

    /**
     * Folds events into a new revision. They must follow this revision without a gap.
     *
     * @throws IllegalArgumentException if they do not
     */
    public ClusterState evolve(List<Recorded> events) {
        if (events.isEmpty()) {
            return this;
        }
        Draft draft = new Draft(this);
        for (Recorded event : events) {
            draft.apply(event);
        }
        return draft.seal();
    }

    public Optional<Resource> resource(ResourceKey key) {
        return Optional.ofNullable(resources.get(key));
    }

    /** All resources of a kind, sorted by namespace and name. */
    public Collection<Resource> resources(GroupKind kind) {
        return resources
                .subMap(first(kind, ""), true, new ResourceKey(kind, LAST, LAST), false)
                .values();
    }

    /** All resources of a kind in a namespace, sorted by name. */
    public Collection<Resource> resources(GroupKind kind, String namespace) {
        return resources
                .subMap(first(kind, namespace), true, new ResourceKey(kind, namespace, LAST), false)
                .values();
    }

    /** Every resource, in key order. */
    public Collection<Resource> resources() {
        return resources.values();
    }

    /** The live resources that name this life of a resource among their owners, in key order. */
    public Collection<ResourceKey> dependents(Uid owner) {
        return orEmpty(dependents.get(owner));
    }

    /** The resources of a kind in a namespace that no controller manages, in key order. */
    public Collection<ResourceKey> uncontrolled(GroupKind kind, String namespace) {
        return uncontrolled.subSet(
                first(kind, namespace), true, new ResourceKey(kind, namespace, LAST), false);
    }

    /**
     * The pods of a namespace that bear all of some labels, sorted by name. Costs what those cost
     * that bear the rarest of the labels.
     *
     * @param wanted at least one
     */
    public List<Resource> podsLabelled(String namespace, Map<String, String> wanted) {
        List<Resource> found = new ArrayList<>();
        for (ResourceKey key : labels.fewest(namespace, wanted)) {
            resource(key)
                    .filter(pod ->
                            pod.metadata().labels().entrySet().containsAll(wanted.entrySet()))
                    .ifPresent(found::add);
        }
        return found;
    }

    /**
     * The Services of a namespace that may choose a pod with these labels, in key order: one label
     * of their selector is among them.
     */
    public Collection<ResourceKey> servicesAbout(String namespace, Map<String, String> podLabels) {
        return labels.choosing(GroupKind.SERVICE, namespace, podLabels);
    }

    /**
     * Those of a kind that manages others by a selector, and of a namespace, that may choose what
     * bears these labels, in key order: one label that they want is among them, or they want no
     * certain one.
     */
    public Collection<ResourceKey> choosing(
            GroupKind kind, String namespace, Map<String, String> borne) {
        return labels.choosing(kind, namespace, borne);
    }

    /** The node that a pod is bound to. Costs little for one that is bound to none. */
    public static Optional<NodeName> nodeOf(Resource pod) {
        return PodConditions.nodeOf(pod.body());
    }

    /** The pods bound to a node, in key order. */
    public Collection<ResourceKey> podsOn(NodeName node) {
        return orEmpty(podsByNode.get(node));
    }

    /**
     * The Service that has an address or a node port, as {@link ServiceAddresses#held} writes it,
     * or the Node that has a range of addresses for its pods.
     */
    public Optional<ResourceKey> addressHolder(String held) {
        return Optional.ofNullable(serviceAddresses.get(held));
    }

    /** What Git declares of a resource. */
    public Optional<Declared> declared(ResourceKey key) {
        return Optional.ofNullable(declared.get(key));
    }

    /** The inventory of a source: the keys of all that it declares, in key order. */
    public Collection<ResourceKey> declarationsOf(SourceName source) {
        return orEmpty(declaredBySource.get(source));
    }

    public Optional<SourceState> source(SourceName name) {
        return Optional.ofNullable(sources.get(name));
    }

    /** All sources, by name. */
    public Collection<SourceState> sources() {
        return sources.values();
    }

    /** The orders that a node was given and has not acknowledged, oldest first. */
    public SortedMap<Position, Work> work(NodeName node) {
        TreePMap<Position, Work> orders = work.get(node);
        return orders == null ? Collections.emptySortedMap() : orders;
    }

    /**
     * Tells revisions apart by who may do what in them: the position of the last event that changed
     * a role or a binding, or a later one. Two revisions of one process with the same value hold
     * the same roles and bindings.
     */
    public Position policyChanged() {
        return policyChanged;
    }

    /** The newest order that was given for a life of a pod, while the pod is there. */
    public Optional<Ordered> ordered(Uid pod) {
        return Optional.ofNullable(ordered.get(pod));
    }

    /** Whether a note that a node sent is recorded. */
    public boolean isRecorded(NodeName node, NoteId id) {
        SentNotes sent = sentNotes.get(node);
        return sent != null && sent.contains(id);
    }

    /**
     * The Event resources that began, were counted up, or were forgotten between an earlier
     * revision and this one; perhaps some that did not change. Their keys are in no event.
     */
    public Collection<ResourceKey> notesChangedSince(ClusterState earlier) {
        TreePSet<ResourceKey> keys = TreePSet.empty();
        for (NoteAge noted : notes.tailMap(earlier.position, false).values()) {
            keys = keys.plus(noted.key());
        }
        // The oldest are forgotten first, so what is gone stands before what is still there.
        for (var old : earlier.notes.entrySet()) {
            if (notes.containsKey(old.getKey())) {
                break;
            }
            keys = keys.plus(old.getValue().key());
        }
        return keys;
    }

    private static Collection<ResourceKey> orEmpty(@Nullable TreePSet<ResourceKey> keys) {
        return keys == null ? List.of() : keys;
    }

    /** Greater than every name and namespace that Kubernetes allows. */
    private static final String LAST = "\uffff";

    private static ResourceKey first(GroupKind kind, String namespace) {
        return new ResourceKey(kind, namespace, "\u0000");
    }

    @Override
    public String toString() {
        return "ClusterState@" + position + " (" + resources.size() + " resources)";
    }
}
