package dev.shiplog.state;

import dev.shiplog.event.AccessEvent;
import dev.shiplog.event.Event;
import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.event.SourceEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.NoteId;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;

import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A revision in the making: private to one batch, mutable until sealed. The only code that builds
 * state. Each event has one arm; an event without one does not compile.
 */
final class Draft {
    private Position position;
    private TreePMap<ResourceKey, Resource> resources;
    private TreePMap<ResourceKey, Declared> declared;
    private TreePMap<SourceName, SourceState> sources;
    private TreePMap<NodeName, TreePMap<Position, Work>> work;
    private TreePMap<Uid, Ordered> ordered;
    private TreePMap<Position, NoteAge> notes;
    private TreePMap<NodeName, SentNotes> sentNotes;
    private Position policyChanged;
    private TreePMap<Uid, TreePSet<ResourceKey>> dependents;
    private TreePMap<NodeName, TreePSet<ResourceKey>> podsByNode;
    private TreePMap<SourceName, TreePSet<ResourceKey>> declaredBySource;
    private TreePMap<String, ResourceKey> serviceAddresses;
    private TreePSet<ResourceKey> uncontrolled;
    private LabelIndex labels;

    Draft(ClusterState base) {
        position = base.position;
        resources = base.resources;
        declared = base.declared;
        sources = base.sources;
        work = base.work;
        ordered = base.ordered;
        notes = base.notes;
        sentNotes = base.sentNotes;
        policyChanged = base.policyChanged;
        dependents = base.dependents;
        podsByNode = base.podsByNode;
        declaredBySource = base.declaredBySource;
        serviceAddresses = base.serviceAddresses;
        uncontrolled = base.uncontrolled;
        labels = base.labels;
    }

    ClusterState seal() {
        return new ClusterState(
                position,
                resources,
                declared,
                sources,
                work,
                ordered,
                notes,
                sentNotes,
                policyChanged,
                dependents,
                podsByNode,
                declaredBySource,
                serviceAddresses,
                uncontrolled,
                labels);
    }

    void apply(Recorded recorded) {
        if (recorded.position().value() != position.value() + 1) {
            throw new IllegalArgumentException(
                    "expected the event at position "
                            + position.next()
                            + ", found "
                            + recorded.position());
        }
        position = recorded.position();
        Event event = recorded.event();
        switch (event) {
            case SourceEvent e -> source(e);
            case ResourceEvent e -> resource(e, recorded.time());
            case SchedulerEvent e -> scheduler(e, recorded.time());
            case NodeEvent e -> node(e, recorded.time());
            case AccessEvent _ -> {
                // For people and auditors to read: nothing depends on it.
            }
        }
        NoteBook.noteFor(event, this::get).ifPresent(note -> note(note, recorded.time()));
    }

    private void source(SourceEvent event) {
        switch (event) {
            case SourceEvent.SourceRegistered e -> {
                SourceState before = sources.get(e.source());
                sources =
                        sources.plus(
                                e.source(),
                                new SourceState(
                                        e.source(),
                                        e.url(),
                                        e.branch(),
                                        e.path(),
                                        e.served(),
                                        before == null || !before.path().equals(e.path())
                                                ? Optional.empty()
                                                : before.applied(),
                                        Optional.empty(),
                                        Optional.empty()));
            }
            case SourceEvent.CommitApplied e ->
                    sources =
                            sources.plus(
                                    e.source(),
                                    known(e.source())
                                            .withApplied(
                                                    new SourceState.Applied(
                                                            e.commit(), e.info(), position)));
            case SourceEvent.CommitHeld e ->
                    sources =
                            sources.plus(
                                    e.source(),
                                    known(e.source())
                                            .withHeld(
                                                    new SourceState.Held(
                                                            e.commit(), e.reason(), e.message())));
            case SourceEvent.SourceFailed e ->
                    sources =
                            sources.plus(
                                    e.source(),
                                    known(e.source()).withFailure(Optional.of(e.message())));
            case SourceEvent.SourceRecovered e ->
                    sources =
                            sources.plus(
                                    e.source(), known(e.source()).withFailure(Optional.empty()));
        }
    }

    private void resource(ResourceEvent event, Instant time) {
        if (comesTooLate(event)) {
            return;
        }
        switch (event) {
            case ResourceEvent.ResourceDeclared e -> declare(e, time);
            case ResourceEvent.ResourceWithdrawn e -> {
                declared = declared.minus(e.key());
                declaredBySource = without(declaredBySource, e.source(), e.key());
            }
            case ResourceEvent.DeclarationRealized e -> {
                Declared entry = required(declared.get(e.key()), e.key());
                declared = declared.plus(e.key(), entry.withRealized(true));
                put(
                        begin(
                                e.key(),
                                entry.apiVersion(),
                                e.uid(),
                                entry.labels(),
                                entry.annotations(),
                                entry.owners(),
                                entry.finalizers(),
                                entry.body(),
                                time));
            }
            case ResourceEvent.ResourceCreated e -> {
                Resource begun =
                        begin(
                                e.key(),
                                e.apiVersion(),
                                e.uid(),
                                e.labels(),
                                e.annotations(),
                                e.owners(),
                                e.finalizers(),
                                e.body(),
                                time);
                put(
                        begun.with(
                                begun.metadata()
                                        .withGenerateName(e.generateName())
                                        .withManagedFields(e.managedFields()),
                                position));
            }
            case ResourceEvent.ResourceRevised e -> {
                Resource live = live(e.key());
                put(
                        new Resource(
                                e.key(),
                                live.apiVersion(),
                                live.metadata().withGeneration(e.generation()),
                                e.body(),
                                live.status(),
                                position));
            }
            case ResourceEvent.MetadataChanged e -> {
                Resource live = live(e.key());
                put(
                        live.with(
                                live.metadata()
                                        .withLabels(e.labels())
                                        .withAnnotations(e.annotations())
                                        .withOwners(e.owners())
                                        .withFinalizers(e.finalizers())
                                        .withManagedFields(e.managedFields()),
                                position));
            }
            case ResourceEvent.DeletionRequested e -> {
                Resource live = live(e.key());
                Resource deleting = live.with(live.metadata().withDeletion(e.deletion()), position);
                put(
                        e.key().kind().equals(GroupKind.NAMESPACE)
                                ? deleting.withStatus(PodConditions.TERMINATING, position)
                                : deleting);
            }
            case ResourceEvent.ResourceRemoved e -> remove(e.key());
            case ResourceEvent.StatusChanged e ->
                    put(live(e.key()).withStatus(e.status(), position));
            case ResourceEvent.AddressesGiven e -> {
                Resource live = live(e.key());
                put(
                        live.withBody(
                                ServiceAddresses.give(
                                        live.body(),
                                        e.clusterIp(),
                                        e.nodePorts(),
                                        e.healthCheckPort()),
                                position));
            }
            case ResourceEvent.PriorityGiven e -> {
                Resource live = live(e.key());
                put(
                        live.withBody(
                                PodConditions.prioritize(
                                        live.body(), e.priority(), e.preemptionPolicy()),
                                position));
            }
            case ResourceEvent.ReplicasScaled e -> {
                Resource live = live(e.key());
                put(
                        new Resource(
                                e.key(),
                                live.apiVersion(),
                                live.metadata().withGeneration(e.generation()),
                                Replicas.with(live.body(), e.replicas()),
                                live.status(),
                                position));
            }
            // The note book serves it as an Event.
            case ResourceEvent.Noted e -> e.sent().ifPresent(id -> sent(e.node(), id));
        }
    }

    /**
     * An Event resource is forgotten when its time is up, without an event in the log that would
     * guard an append: what was decided about one just before is about nothing now.
     */
    private boolean comesTooLate(ResourceEvent event) {
        return event.key().kind().equals(GroupKind.EVENT)
                && !resources.containsKey(event.key())
                && switch (event) {
                    case ResourceEvent.ResourceRevised _,
                            ResourceEvent.MetadataChanged _,
                            ResourceEvent.DeletionRequested _,
                            ResourceEvent.ResourceRemoved _,
                            ResourceEvent.StatusChanged _,
                            ResourceEvent.AddressesGiven _,
                            ResourceEvent.PriorityGiven _,
                            ResourceEvent.ReplicasScaled _ ->
                            true;
                    case ResourceEvent.ResourceDeclared _,
                            ResourceEvent.ResourceWithdrawn _,
                            ResourceEvent.DeclarationRealized _,
                            ResourceEvent.ResourceCreated _,
                            ResourceEvent.Noted _ ->
                            false;
                };
    }

    private void declare(ResourceEvent.ResourceDeclared e, Instant time) {
        boolean realized = !(e.effect() instanceof ResourceEvent.Effect.Deferred);
        Declared entry =
                new Declared(
                        e.source(),
                        e.path(),
                        e.apiVersion(),
                        e.labels(),
                        e.annotations(),
                        e.owners(),
                        e.finalizers(),
                        e.body(),
                        realized);
        Declared before = declared.get(e.key());
        declared = declared.plus(e.key(), entry);
        declaredBySource = with(declaredBySource, e.source(), e.key());
        switch (e.effect()) {
            case ResourceEvent.Effect.Created(var uid) ->
                    put(
                            begin(
                                    e.key(),
                                    e.apiVersion(),
                                    uid,
                                    e.labels(),
                                    e.annotations(),
                                    e.owners(),
                                    e.finalizers(),
                                    e.body(),
                                    time));
            case ResourceEvent.Effect.Revised(long generation) -> {
                Resource live = live(e.key());
                Json body = keeping(live, e.body());
                put(
                        new Resource(
                                e.key(),
                                e.apiVersion(),
                                live.metadata()
                                        .withGeneration(generation)
                                        .withLabels(
                                                redeclared(
                                                        live.metadata().labels(),
                                                        before == null
                                                                ? Set.of()
                                                                : before.labels().keySet(),
                                                        e.labels()))
                                        .withAnnotations(
                                                redeclared(
                                                        live.metadata().annotations(),
                                                        before == null
                                                                ? Set.of()
                                                                : before.annotations().keySet(),
                                                        e.annotations()))
                                        .withOwners(
                                                redeclared(
                                                        live.metadata().owners(),
                                                        before == null
                                                                ? List.of()
                                                                : before.owners(),
                                                        e.owners()))
                                        .withFinalizers(
                                                redeclared(
                                                        live.metadata().finalizers(),
                                                        before == null
                                                                ? List.of()
                                                                : before.finalizers(),
                                                        e.finalizers())),
                                body,
                                live.status(),
                                position));
            }
            case ResourceEvent.Effect.Deferred _ -> {
                // Live when DeclarationRealized says so.
            }
        }
    }

    /**
     * What the cluster decided stays: Git declares what runs, the scheduler where; Git declares a
     * Service, the cluster its address; Git declares an autoscaler, which then decides how many.
     */
    private Json keeping(Resource live, Json declared) {
        if (live.key().kind().equals(GroupKind.POD)) {
            return AccountParts.keep(live.body(), PodConditions.keep(live.body(), declared));
        }
        if (Replicas.autoscaled(resources, live.key())) {
            return Replicas.keep(live.body(), declared);
        }
        return live.key().kind().equals(GroupKind.SERVICE)
                ? ServiceAddresses.keep(live.body(), declared)
                : declared;
    }

    /**
     * What Git declared and does not any more goes, what it declares comes; the rest belongs to
     * whoever set it, such as a Deployment's revision.
     */
    private static SortedMap<String, String> redeclared(
            SortedMap<String, String> live, Set<String> before, SortedMap<String, String> now) {
        SortedMap<String, String> merged = new TreeMap<>(live);
        merged.keySet().removeAll(before);
        merged.putAll(now);
        return merged;
    }

    private static <T> List<T> redeclared(List<T> live, List<T> before, List<T> now) {
        List<T> merged = new ArrayList<>(live);
        merged.removeAll(before);
        now.stream().filter(item -> !merged.contains(item)).forEach(merged::add);
        return merged;
    }

    private void scheduler(SchedulerEvent event, Instant time) {
        Resource pod = live(event.pod());
        switch (event) {
            case SchedulerEvent.PodBound e ->
                    put(
                            new Resource(
                                    pod.key(),
                                    pod.apiVersion(),
                                    pod.metadata(),
                                    PodConditions.bind(pod.body(), e.node()),
                                    PodConditions.scheduled(pod.status(), time),
                                    position));
            case SchedulerEvent.PodNominated e ->
                    put(
                            pod.withStatus(
                                    PodConditions.nominated(pod.status(), Optional.of(e.node())),
                                    position));
            case SchedulerEvent.NominationWithdrawn _ ->
                    put(
                            pod.withStatus(
                                    PodConditions.nominated(pod.status(), Optional.empty()),
                                    position));
            case SchedulerEvent.PodUnschedulable e ->
                    put(
                            pod.withStatus(
                                    PodConditions.unschedulable(pod.status(), e.message(), time),
                                    position));
        }
    }

    private void node(NodeEvent event, Instant time) {
        switch (event) {
            case NodeEvent.NodeRegistered e -> {
                ResourceKey key = ResourceKey.node(e.node());
                Resource live = resources.get(key);
                put(
                        live == null
                                ? begin(
                                                key,
                                                "v1",
                                                e.uid(),
                                                e.labels(),
                                                Collections.emptySortedMap(),
                                                List.of(),
                                                List.of(),
                                                e.body(),
                                                time)
                                        .withStatus(e.status(), position)
                                : new Resource(
                                        key,
                                        "v1",
                                        live.metadata().withLabels(e.labels()),
                                        e.body(),
                                        e.status(),
                                        position));
            }
            case NodeEvent.WorkOrdered e -> order(e);
            case NodeEvent.WorkAcknowledged e -> {
                TreePMap<Position, Work> orders = work.get(e.node());
                if (orders != null) {
                    work = work.plus(e.node(), orders.minus(e.order()));
                }
            }
            case NodeEvent.PodReported e -> put(live(e.pod()).withStatus(e.status(), position));
        }
    }

    private void order(NodeEvent.WorkOrdered e) {
        TreePMap<Position, Work> orders = work.get(e.node());
        work =
                work.plus(
                        e.node(),
                        (orders == null ? TreePMap.<Position, Work>empty() : orders)
                                .plus(position, e.work()));
        Resource pod = resources.get(e.work().pod());
        // An order about a pod that is gone is remembered only until it is acknowledged.
        if (pod != null && pod.uid().equals(e.work().uid())) {
            ordered = ordered.plus(pod.uid(), new Ordered(position, e.node(), e.work()));
        }
    }

    private void sent(String from, NoteId id) {
        NodeName node = new NodeName(from);
        SentNotes before = sentNotes.get(node);
        sentNotes =
                sentNotes.plus(node, before == null ? SentNotes.beginning(id) : before.with(id));
    }

    private Resource begin(
            ResourceKey key,
            String apiVersion,
            Uid uid,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            List<OwnerReference> owners,
            List<String> finalizers,
            Json body,
            Instant time) {
        Metadata metadata =
                new Metadata(
                        uid, 1, time, labels, annotations, owners, finalizers, Optional.empty());
        return new Resource(
                key, apiVersion, metadata, body, PodConditions.initialStatus(key.kind()), position);
    }

    private void note(Note note, Instant time) {
        Resource before = resources.get(note.key());
        if (before != null) {
            notes = notes.minus(before.version());
        }
        resources = resources.plus(note.key(), note.render(before, position, time));
        notes = notes.plus(position, new NoteAge(note.key(), time));
        forgetNotesSeenBefore(time.minus(NoteBook.KEPT));
    }

    private void forgetNotesSeenBefore(Instant oldest) {
        while (!notes.isEmpty()) {
            NoteAge age = notes.firstEntry().getValue();
            if (age.lastSeen().isAfter(oldest)) {
                return;
            }
            notes = notes.minusFirstEntry();
            resources = resources.minus(age.key());
        }
    }

    private void forgetNotesIn(String namespace) {
        for (Resource note : seal().resources(GroupKind.EVENT, namespace)) {
            resources = resources.minus(note.key());
            notes = notes.minus(note.version());
        }
    }

    private @Nullable Resource get(ResourceKey key) {
        return resources.get(key);
    }

    private void put(Resource after) {
        notePolicy(after.key());
        Resource before = resources.get(after.key());
        resources = resources.plus(after.key(), after);
        labels = labels.with(before, after);
        // Most changes are of status, and touch no index.
        if (before == null || !before.metadata().owners().equals(after.metadata().owners())) {
            if (before != null) {
                unindexOwners(before);
            }
            indexOwners(after);
        }
        if (before == null || !before.body().equals(after.body())) {
            Optional<NodeName> node = boundTo(after);
            Optional<NodeName> was = before == null ? Optional.empty() : boundTo(before);
            if (!node.equals(was)) {
                was.ifPresent(old -> podsByNode = without(podsByNode, old, after.key()));
                node.ifPresent(now -> podsByNode = with(podsByNode, now, after.key()));
            }
            if (ServiceAddresses.held(after.key().kind())) {
                indexAddresses(before, after);
            }
        }
    }

    private static Optional<NodeName> boundTo(Resource resource) {
        return resource.key().kind().equals(GroupKind.POD)
                ? PodConditions.nodeOf(resource.body())
                : Optional.empty();
    }

    private void indexOwners(Resource after) {
        for (OwnerReference owner : after.metadata().owners()) {
            dependents = with(dependents, owner.uid(), after.key());
        }
        if (Indexes.isUncontrolled(after)) {
            uncontrolled = uncontrolled.plus(after.key());
        }
    }

    private void unindexOwners(Resource before) {
        for (OwnerReference owner : before.metadata().owners()) {
            dependents = without(dependents, owner.uid(), before.key());
        }
        if (Indexes.isUncontrolled(before)) {
            uncontrolled = uncontrolled.minus(before.key());
        }
    }

    private void notePolicy(ResourceKey key) {
        if (key.kind().group().equals(GroupKind.ROLE.group())) {
            policyChanged = position;
        }
    }

    private void remove(ResourceKey key) {
        notePolicy(key);
        Resource before = live(key);
        unindexOwners(before);
        labels = labels.with(before, null);
        boundTo(before).ifPresent(node -> podsByNode = without(podsByNode, node, key));
        if (ServiceAddresses.held(key.kind())) {
            unindexAddresses(before);
        }
        resources = resources.minus(key);
        ordered = ordered.minus(before.uid());
        if (key.kind().equals(GroupKind.EVENT)) {
            notes = notes.minus(before.version());
        }
        if (key.kind().equals(GroupKind.NODE)) {
            sentNotes = sentNotes.minus(new NodeName(key.name()));
        }
        if (key.kind().equals(GroupKind.NAMESPACE)) {
            forgetNotesIn(key.name());
        }
        Declared entry = declared.get(key);
        if (entry != null) {
            declared = declared.plus(key, entry.withRealized(false));
        }
    }

    private void indexAddresses(@Nullable Resource before, Resource after) {
        if (before != null) {
            unindexAddresses(before);
        }
        for (String held : ServiceAddresses.held(after)) {
            serviceAddresses = serviceAddresses.plus(held, after.key());
        }
    }

    private void unindexAddresses(Resource before) {
        for (String held : ServiceAddresses.held(before)) {
            // Another one may have it already: what one commit moves, it may move in any order.
            if (before.key().equals(serviceAddresses.get(held))) {
                serviceAddresses = serviceAddresses.minus(held);
            }
        }
    }

    private Resource live(ResourceKey key) {
        return required(resources.get(key), key);
    }

    private SourceState known(SourceName name) {
        return required(sources.get(name), name);
    }

    private <T> T required(@Nullable T value, Object key) {
        if (value == null) {
            throw new IllegalStateException(
                    "the event at position "
                            + position
                            + " is about "
                            + key
                            + ", which the log before it does not hold");
        }
        return value;
    }

    private static <K extends Comparable<? super K>> TreePMap<K, TreePSet<ResourceKey>> with(
            TreePMap<K, TreePSet<ResourceKey>> index, K key, ResourceKey value) {
        TreePSet<ResourceKey> keys = index.get(key);
        return index.plus(key, (keys == null ? TreePSet.<ResourceKey>empty() : keys).plus(value));
    }

    private static <K extends Comparable<? super K>> TreePMap<K, TreePSet<ResourceKey>> without(
            TreePMap<K, TreePSet<ResourceKey>> index, K key, ResourceKey value) {
        TreePSet<ResourceKey> keys = index.get(key);
        if (keys == null) {
            return index;
        }
        TreePSet<ResourceKey> rest = keys.minus(value);
        return rest.isEmpty() ? index.minus(key) : index.plus(key, rest);
    }
}
