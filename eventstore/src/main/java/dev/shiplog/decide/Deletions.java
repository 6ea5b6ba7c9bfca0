package dev.shiplog.decide;

import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.resource.Deletion;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Work;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a resource goes. At once, unless something holds it: a pod on a node is held by its
 * containers, a namespace by its content, any resource by its finalizers.
 */
final class Deletions {
    /** Namespaces that a cluster cannot be without. */
    static final Set<String> PERMANENT_NAMESPACES =
            new TreeSet<>(Set.of("default", "kube-node-lease", "kube-public", "kube-system"));

    /** The finalizer that waits for the dependents of a foreground deletion. */
    static final String FOREGROUND_FINALIZER = "foregroundDeletion";

    /** Kubernetes' default for {@code terminationGracePeriodSeconds}. */
    static final long DEFAULT_GRACE_SECONDS = 30;

    private Deletions() {}

    /**
     * Adds the events that delete a resource, caused by an earlier event of the proposal, or by the
     * command if negative.
     */
    static void delete(
            ClusterState state,
            Resource resource,
            OptionalLong graceSeconds,
            Propagation propagation,
            int cause,
            Proposal proposal,
            Instant now) {
        // Only containers need time to end.
        long grace =
                resource.key().kind().equals(GroupKind.POD)
                        ? graceSeconds.orElseGet(() -> defaultGrace(resource))
                        : 0;
        Optional<Deletion> before = resource.metadata().deletion();
        if (before.isPresent() && before.get().graceSeconds() <= grace) {
            return;
        }
        if (propagation == Propagation.ORPHAN) {
            orphanDependents(state, resource, cause, proposal);
        }
        boolean foreground =
                propagation == Propagation.FOREGROUND && hasDependents(state, resource);
        if (foreground) {
            add(proposal, cause, withFinalizer(resource));
        }
        Optional<NodeName> node = nodeOf(resource);
        boolean forced = grace == 0 && resource.key().kind().equals(GroupKind.POD);
        if (forced) {
            node.ifPresent(name ->
                    add(
                            proposal,
                            cause,
                            new NodeEvent.WorkOrdered(
                                    name, new Work.StopPod(resource.key(), resource.uid(), 0))));
        }
        boolean held =
                foreground
                        || !resource.metadata().finalizers().isEmpty()
                        || resource.key().kind().equals(GroupKind.NAMESPACE)
                        || (node.isPresent() && !forced);
        Deletion deletion = new Deletion(now.plusSeconds(grace), grace);
        if (held || resource.key().kind().equals(GroupKind.POD)) {
            add(
                    proposal,
                    cause,
                    new ResourceEvent.DeletionRequested(
                            resource.key(), resource.uid(), deletion, propagation));
        }
        if (!held) {
            add(proposal, cause, new ResourceEvent.ResourceRemoved(resource.key(), resource.uid()));
        }
    }

    private static long defaultGrace(Resource resource) {
        return resource.body()
                .toNode()
                .path("spec")
                .path("terminationGracePeriodSeconds")
                .asLong(DEFAULT_GRACE_SECONDS);
    }

    private static Optional<NodeName> nodeOf(Resource resource) {
        if (!resource.key().kind().equals(GroupKind.POD)) {
            return Optional.empty();
        }
        String name = resource.body().toNode().path("spec").path("nodeName").asText();
        return name.isEmpty() ? Optional.empty() : Optional.of(new NodeName(name));
    }

    private static boolean hasDependents(ClusterState state, Resource resource) {
        return !state.dependents(resource.uid()).isEmpty();
    }

    private static ResourceEvent withFinalizer(Resource resource) {
        List<String> finalizers = new ArrayList<>(resource.metadata().finalizers());
        finalizers.remove(FOREGROUND_FINALIZER);
        finalizers.add(FOREGROUND_FINALIZER);
        return MetadataChange.of(resource).finalizers(finalizers).event(resource);
    }

    private static void orphanDependents(
            ClusterState state, Resource owner, int cause, Proposal proposal) {
        for (ResourceKey key : state.dependents(owner.uid())) {
            Resource dependent = state.resource(key).orElseThrow();
            add(
                    proposal,
                    cause,
                    MetadataChange.of(dependent)
                            .owners(
                                    dependent.metadata().owners().stream()
                                            .filter(reference ->
                                                    !reference.uid().equals(owner.uid()))
                                            .toList())
                            .event(dependent));
        }
    }

    /** Whether nothing but finalizers holds a resource that is being deleted. */
    static boolean heldOnlyByFinalizers(Resource resource) {
        GroupKind kind = resource.key().kind();
        if (kind.equals(GroupKind.NAMESPACE)) {
            return false;
        }
        // As in Kubernetes: a grace period of 0 says that nobody waits for the containers any more.
        return !kind.equals(GroupKind.POD)
                || nodeOf(resource).isEmpty()
                || resource.metadata().deletion().filter(d -> d.graceSeconds() == 0).isPresent();
    }

    private static void add(Proposal proposal, int cause, dev.shiplog.event.Event event) {
        if (cause < 0) {
            proposal.add(event);
        } else {
            proposal.because(cause, event);
        }
    }
}
