package dev.shiplog.event;

import dev.shiplog.resource.Deletion;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NoteId;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.Uid;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What happened to one resource, or to what Git declares of it. */
public sealed interface ResourceEvent extends Event {
    ResourceKey key();

    /**
     * Git declares this resource, or declares it differently than before. The effect on the live
     * resource is part of the event.
     *
     * @param path the file in the source that declares it
     * @param body every top-level member beside apiVersion, kind, metadata and status, defaulted
     */
    record ResourceDeclared(
            SourceName source,
            String path,
            ResourceKey key,
            String apiVersion,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            List<OwnerReference> owners,
            List<String> finalizers,
            Json body,
            Effect effect)
            implements ResourceEvent {}

    /** What a declaration does to the live resource at once. */
    sealed interface Effect {
        /** A live resource begins, with this identity. */
        record Created(Uid uid) implements Effect {}

        /**
         * The live resource is brought to what is declared; the generation counts changes of the
         * body.
         */
        record Revised(long generation) implements Effect {}

        /**
         * It cannot take effect yet, for instance while a resource of that name is still being
         * deleted. {@link DeclarationRealized} follows when it can.
         */
        record Deferred(String reason) implements Effect {}
    }

    /**
     * Git does not declare this resource any more. A deletion follows in the same append if it was
     * live.
     */
    record ResourceWithdrawn(SourceName source, ResourceKey key) implements ResourceEvent {}

    /** A deferred declaration took effect: a live resource begins as declared. */
    record DeclarationRealized(ResourceKey key, Uid uid) implements ResourceEvent {}

    /**
     * A resource that Git does not declare begins: made by a controller, a node, a user or the
     * system.
     *
     * @param generateName what its name was made from; empty if somebody chose it
     * @param managedFields as in {@code Metadata}
     */
    record ResourceCreated(
            ResourceKey key,
            String apiVersion,
            Uid uid,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            List<OwnerReference> owners,
            List<String> finalizers,
            Json body,
            String generateName,
            Json managedFields)
            implements ResourceEvent {}

    /** The desired state of a derived resource changed. */
    record ResourceRevised(ResourceKey key, Uid uid, long generation, Json body)
            implements ResourceEvent {}

    /**
     * Labels, annotations, owners, finalizers or the account of fields changed; these are their new
     * values.
     */
    record MetadataChanged(
            ResourceKey key,
            Uid uid,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            List<OwnerReference> owners,
            List<String> finalizers,
            Json managedFields)
            implements ResourceEvent {}

    /**
     * Its deletion was asked for. It stays until whoever holds it (containers, content, finalizers)
     * has let go.
     */
    record DeletionRequested(ResourceKey key, Uid uid, Deletion deletion, Propagation propagation)
            implements ResourceEvent {}

    /** It is gone. */
    record ResourceRemoved(ResourceKey key, Uid uid) implements ResourceEvent {}

    /** Its observed state changed; this is the new value. */
    record StatusChanged(ResourceKey key, Uid uid, Json status) implements ResourceEvent {}

    /**
     * The cluster gave a Service what it had not asked for by itself. It keeps them for its life.
     *
     * @param clusterIp empty if it has one, or needs none
     * @param nodePorts by protocol and port, such as {@code TCP/80}
     * @param healthCheckPort 0 if it needs none
     */
    record AddressesGiven(
            ResourceKey key,
            Uid uid,
            String clusterIp,
            SortedMap<String, Integer> nodePorts,
            int healthCheckPort)
            implements ResourceEvent {
        public AddressesGiven {
            nodePorts = Collections.unmodifiableSortedMap(new TreeMap<>(nodePorts));
        }
    }

    /**
     * The cluster gave a pod that Git declares the priority of its class. One that it makes itself
     * begins with it.
     *
     * @param preemptionPolicy {@code PreemptLowerPriority} or {@code Never}
     */
    record PriorityGiven(ResourceKey key, Uid uid, int priority, String preemptionPolicy)
            implements ResourceEvent {}

    /**
     * An autoscaler decided how many replicas a resource shall have.
     *
     * @param by the autoscaler
     * @param reason what spoke for it, for people to read
     */
    record ReplicasScaled(
            ResourceKey key, Uid uid, long generation, int replicas, ResourceKey by, String reason)
            implements ResourceEvent {}

    /**
     * Somebody noted a decision or an observation about it, for people to read: what {@code kubectl
     * describe} shows as an event.
     *
     * @param warning whether it needs attention
     * @param reason one word in upper camel case, such as {@code ScalingReplicaSet}
     * @param component who noted it, such as {@code replicaset-controller}
     * @param node the node it was noted on; empty if none
     * @param sent which note of that node it is, if it was sent over a link that may repeat it
     */
    record Noted(
            ResourceKey key,
            Uid uid,
            boolean warning,
            String reason,
            String message,
            String component,
            String node,
            Optional<NoteId> sent)
            implements ResourceEvent {}
}
