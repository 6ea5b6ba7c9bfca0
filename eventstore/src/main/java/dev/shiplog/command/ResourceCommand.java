package dev.shiplog.command;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.NoteId;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/** What controllers and users ask of single resources. */
public sealed interface ResourceCommand extends Command {
    /**
     * Create a resource that nothing declares, such as a system namespace, or what a user makes for
     * an owner. Refused if it exists, or if its namespace is being deleted.
     *
     * @param generateName what the name was made from; empty if somebody chose it
     * @param managedFields the account of fields; {@code {}} for none
     */
    record CreateResource(
            ResourceKey key,
            String apiVersion,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            List<OwnerReference> owners,
            List<String> finalizers,
            Json body,
            String generateName,
            Json managedFields)
            implements ResourceCommand {
        public CreateResource {
            owners = List.copyOf(owners);
            finalizers = List.copyOf(finalizers);
        }

        /** One that nobody owns. */
        public CreateResource(
                ResourceKey key,
                String apiVersion,
                SortedMap<String, String> labels,
                SortedMap<String, String> annotations,
                Json body) {
            this(key, apiVersion, labels, annotations, List.of(), List.of(), body, "", Json.EMPTY);
        }
    }

    /**
     * Create resources that live and die with an owner; all or none. Names are the owner's name, a
     * dash, and five random characters where a dependent gives no name. Refused if the owner is
     * gone, is being deleted, or has changed its desired state since {@code ownerGeneration}, or if
     * the owner's controlled dependents of that kind are not exactly those that the controller saw.
     *
     * @param controller who asks, such as {@code replicaset-controller}
     * @param seen how many live dependents of the kind the owner controlled when this was computed
     */
    record CreateDependents(
            String controller,
            ResourceKey owner,
            Uid ownerUid,
            long ownerGeneration,
            int seen,
            List<Dependent> dependents)
            implements ResourceCommand {
        public CreateDependents {
            dependents = List.copyOf(dependents);
        }
    }

    /**
     * Note that dependents were not created, for want of something that is no rule of the cluster:
     * once as long as the note is served.
     *
     * @param why without a number that changes
     */
    record WithholdDependents(String controller, ResourceKey owner, Uid ownerUid, String why)
            implements ResourceCommand {}

    /**
     * @param name the whole name, or empty to have one made
     * @param body as in {@link DeclaredResource}
     */
    record Dependent(
            GroupKind kind,
            String apiVersion,
            Optional<String> name,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            List<String> finalizers,
            Json body) {}

    /**
     * Give a derived resource a new desired state. Refused if its generation is not {@code
     * generation} any more, or if nothing would change.
     *
     * @param annotations the new annotations, if they change along with it
     * @param notes noted in the same append
     */
    record ReviseResource(
            ResourceKey key,
            Uid uid,
            long generation,
            Json body,
            Optional<SortedMap<String, String>> annotations,
            List<Note> notes)
            implements ResourceCommand {
        public ReviseResource {
            notes = List.copyOf(notes);
        }
    }

    /**
     * Give a live resource everything that a user may set on it, in one append. If its deletion
     * waited for nothing but the finalizers that this takes away, it is removed. Refused if the
     * resource is not at {@code version} any more, or if nothing would change.
     *
     * @param version what the write was computed from
     * @param body as in {@link DeclaredResource}; a change of it counts up the generation
     */
    record WriteResource(
            ResourceKey key,
            Uid uid,
            Position version,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            List<OwnerReference> owners,
            List<String> finalizers,
            Json body,
            Json managedFields)
            implements ResourceCommand {
        public WriteResource {
            owners = List.copyOf(owners);
            finalizers = List.copyOf(finalizers);
        }
    }

    /**
     * Set what is known of a resource only here and never in Git: annotations that are bookkeeping,
     * and the account of fields. Refused if nothing would change.
     *
     * @param annotations to be set beside those that are there
     * @param dropped annotations to be taken away
     * @param managedFields the new account; empty to leave it as it is
     */
    record KeepBooks(
            ResourceKey key,
            Uid uid,
            SortedMap<String, String> annotations,
            List<String> dropped,
            Optional<Json> managedFields)
            implements ResourceCommand {
        public KeepBooks {
            dropped = List.copyOf(dropped);
        }
    }

    /**
     * Set labels, annotations, owners and finalizers. Refused if the resource is not at {@code
     * version} any more.
     */
    record ChangeMetadata(
            ResourceKey key,
            Uid uid,
            Position version,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            List<OwnerReference> owners,
            List<String> finalizers)
            implements ResourceCommand {}

    /**
     * Delete a resource. What holds it (containers, content, finalizers) is told; once nothing
     * holds it, it is removed. Deleting again with a shorter grace period shortens it.
     *
     * @param uid refused if the resource has another identity by now
     * @param graceSeconds instead of the resource's own grace period
     */
    record DeleteResource(
            ResourceKey key,
            Optional<Uid> uid,
            OptionalLong graceSeconds,
            Propagation propagation,
            List<Note> notes)
            implements ResourceCommand {
        public DeleteResource {
            notes = List.copyOf(notes);
        }
    }

    /**
     * Delete a pod if its disruption budget allows that now.
     *
     * @param budget the budget that is about it; refused if there is another one by now, or if it
     *     allows nothing
     * @param graceSeconds instead of the pod's own grace period
     */
    record EvictPod(
            ResourceKey key, Uid uid, Optional<ResourceKey> budget, OptionalLong graceSeconds)
            implements ResourceCommand {}

    /**
     * Make a deferred declaration live. Refused if it is live, or if a resource of that name is
     * still there.
     */
    record RealizeDeclaration(ResourceKey key) implements ResourceCommand {}

    /** Remove a resource whose deletion was asked for and which nothing holds any more. */
    record RemoveResource(ResourceKey key, Uid uid) implements ResourceCommand {}

    /**
     * Give a resource a number of replicas, because an autoscaler says so. Refused if it has not
     * {@code seen} replicas any more, or has that number.
     *
     * @param by the autoscaler
     * @param seen what the autoscaler saw
     * @param reason what spoke for it, for people to read
     */
    record ScaleResource(
            ResourceKey by,
            Uid byUid,
            ResourceKey key,
            Uid uid,
            int seen,
            int replicas,
            String reason)
            implements ResourceCommand {}

    /**
     * Set the observed state. Refused if nothing would change.
     *
     * @param version refused if the resource is not at this version any more
     */
    record UpdateStatus(ResourceKey key, Uid uid, Json status, Optional<Position> version)
            implements ResourceCommand {
        /** Whatever it is at. */
        public UpdateStatus(ResourceKey key, Uid uid, Json status) {
            this(key, uid, status, Optional.empty());
        }
    }

    /** Note something for people to read. */
    record AddNote(Note note) implements ResourceCommand {}

    /**
     * @param about the resource
     * @param warning whether it needs attention
     * @param reason one word in upper camel case
     * @param component who notes it
     * @param node the node it was noted on; empty if none
     * @param sent which note of that node it is, if it was sent over a link that may repeat it
     */
    record Note(
            ResourceKey about,
            Uid uid,
            boolean warning,
            String reason,
            String message,
            String component,
            String node,
            Optional<NoteId> sent) {
        /** One that nobody repeats. */
        public Note(
                ResourceKey about,
                Uid uid,
                boolean warning,
                String reason,
                String message,
                String component,
                String node) {
            this(about, uid, warning, reason, message, component, node, Optional.empty());
        }

        public Note withUid(Uid value) {
            return new Note(about, value, warning, reason, message, component, node, sent);
        }

        public Note on(NodeName value) {
            return new Note(about, uid, warning, reason, message, component, value.value(), sent);
        }

        public Note sentAs(NoteId id) {
            return new Note(about, uid, warning, reason, message, component, node, Optional.of(id));
        }

        public static Note normal(
                ResourceKey about, Uid uid, String reason, String message, String component) {
            return new Note(about, uid, false, reason, message, component, "");
        }

        public static Note warning(
                ResourceKey about, Uid uid, String reason, String message, String component) {
            return new Note(about, uid, true, reason, message, component, "");
        }
    }
}
