package dev.shiplog.decide;

import static dev.shiplog.decide.Decision.Reason.ALREADY_EXISTS;
import static dev.shiplog.decide.Decision.Reason.FORBIDDEN;
import static dev.shiplog.decide.Decision.Reason.INVALID;
import static dev.shiplog.decide.Decision.Reason.NOT_FOUND;
import static dev.shiplog.decide.Decision.Reason.STALE;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.decide.Decision.Refused;
import dev.shiplog.decide.admission.PodAdmission;
import dev.shiplog.decide.admission.Priorities;
import dev.shiplog.decide.admission.ServiceAccounts;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.kind.DefaultTolerations;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.Declared;
import dev.shiplog.state.ServiceAddresses;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What may be done to single resources. */
final class ResourceDecisions {
    /** The length of the random part of a generated name, as in Kubernetes. */
    private static final int SUFFIX_LENGTH = 5;

    private ResourceDecisions() {}

    static Decision decide(ClusterState state, ResourceCommand command, Instant now, Ids ids) {
        return switch (command) {
            case ResourceCommand.CreateResource c -> create(state, c, ids);
            case ResourceCommand.CreateDependents c -> createDependents(state, c, now, ids);
            case ResourceCommand.WithholdDependents c -> withhold(state, c, now);
            case ResourceCommand.ReviseResource c -> revise(state, c);
            case ResourceCommand.WriteResource c -> write(state, c);
            case ResourceCommand.KeepBooks c -> keepBooks(state, c);
            case ResourceCommand.ChangeMetadata c -> changeMetadata(state, c);
            case ResourceCommand.DeleteResource c -> delete(state, c, now);
            case ResourceCommand.EvictPod c -> EvictionDecisions.decide(state, c, now);
            case ResourceCommand.RealizeDeclaration c -> realize(state, c, ids);
            case ResourceCommand.RemoveResource c -> remove(state, c);
            case ResourceCommand.ScaleResource c -> scale(state, c);
            case ResourceCommand.UpdateStatus c -> updateStatus(state, c);
            case ResourceCommand.AddNote c -> {
                Proposal proposal = new Proposal();
                proposal.add(Proposal.noted(c.note()));
                yield proposal.orUnchanged("");
            }
        };
    }

    private static Decision create(ClusterState state, ResourceCommand.CreateResource c, Ids ids) {
        if (state.resource(c.key()).isPresent()) {
            return new Refused(ALREADY_EXISTS, c.key() + " already exists");
        }
        if (terminating(state, c.key().namespace())) {
            return new Refused(FORBIDDEN, beingTerminated(c.key().namespace()));
        }
        return switch (admitted(state, c.key(), c.body())) {
            case PodAdmission.Verdict.Forbidden(String why) -> new Refused(FORBIDDEN, why);
            case PodAdmission.Verdict.Admitted(Json body) -> {
                Uid uid = ids.uid();
                yield create(state, c, ServiceAccounts.complete(state, c.key(), body, uid), uid);
            }
        };
    }

    private static Decision create(
            ClusterState state, ResourceCommand.CreateResource c, Json body, Uid uid) {
        Proposal proposal = new Proposal();
        int created =
                proposal.add(
                        new ResourceEvent.ResourceCreated(
                                c.key(),
                                c.apiVersion(),
                                uid,
                                c.labels(),
                                c.annotations(),
                                c.owners(),
                                c.finalizers(),
                                body,
                                c.generateName(),
                                c.managedFields()));
        return addressed(state, c.key(), uid, body, created, proposal)
                .orElseGet(() -> proposal.orUnchanged(""));
    }

    private static Decision createDependents(
            ClusterState state, ResourceCommand.CreateDependents c, Instant now, Ids ids) {
        Optional<Resource> found = state.resource(c.owner());
        if (found.isEmpty() || !found.get().uid().equals(c.ownerUid())) {
            return new Refused(NOT_FOUND, c.owner() + " is gone");
        }
        Resource owner = found.get();
        if (owner.metadata().deleting() || terminating(state, c.owner().namespace())) {
            return new Refused(FORBIDDEN, c.owner() + " or its namespace is being deleted");
        }
        if (owner.metadata().generation() != c.ownerGeneration()) {
            return new Refused(
                    STALE,
                    "expected generation "
                            + c.ownerGeneration()
                            + " of "
                            + c.owner()
                            + ", found "
                            + owner.metadata().generation());
        }
        Set<GroupKind> kinds =
                new TreeSet<>(
                        c.dependents().stream().map(ResourceCommand.Dependent::kind).toList());
        long controlled =
                state.dependents(owner.uid()).stream()
                        .filter(key -> kinds.contains(key.kind()))
                        .filter(key -> controls(owner, state.resource(key).orElseThrow()))
                        .count();
        if (controlled != c.seen()) {
            return new Refused(
                    STALE,
                    "expected "
                            + c.seen()
                            + " dependents of "
                            + c.owner()
                            + ", found "
                            + controlled);
        }
        Proposal proposal = new Proposal();
        Set<ResourceKey> taken = new TreeSet<>();
        OwnerReference reference =
                new OwnerReference(
                        owner.apiVersion(),
                        c.owner().kind().kind(),
                        c.owner().name(),
                        owner.uid(),
                        true,
                        true);
        PodAdmission admission = new PodAdmission(state, c.owner().namespace());
        boolean watched = PodAdmission.watched(state, c.owner().namespace());
        Priorities priorities = new Priorities(state);
        // Most dependents of one owner are the same but for their names.
        Json last = Json.EMPTY;
        Priorities.Verdict verdict = new Priorities.Verdict.AsItIs();
        for (ResourceCommand.Dependent dependent : c.dependents()) {
            ResourceKey key = keyFor(state, c.owner(), dependent, taken, ids);
            if (!taken.add(key) || state.resource(key).isPresent()) {
                return new Refused(ALREADY_EXISTS, key + " already exists");
            }
            Json body = completed(key, dependent.body());
            if (key.kind().equals(GroupKind.POD)) {
                verdict = body.equals(last) ? verdict : priorities.of(body);
                last = body;
                switch (verdict) {
                    case Priorities.Verdict.AsItIs _ -> {
                        // As its owner made it.
                    }
                    case Priorities.Verdict.Given given -> body = given.in(body);
                    case Priorities.Verdict.Forbidden(String why) -> {
                        return FailedCreates.decide(
                                state, owner, c.controller(), key, why, now, proposal);
                    }
                }
            }
            if (watched) {
                switch (admission.admit(key, body)) {
                    case PodAdmission.Verdict.Admitted(Json completed) -> body = completed;
                    case PodAdmission.Verdict.Forbidden(String why) -> {
                        return FailedCreates.decide(
                                state, owner, c.controller(), key, why, now, proposal);
                    }
                }
            }
            Uid uid = ids.uid();
            body = ServiceAccounts.complete(state, key, body, uid);
            proposal.add(
                    new ResourceEvent.ResourceCreated(
                            key,
                            dependent.apiVersion(),
                            uid,
                            dependent.labels(),
                            dependent.annotations(),
                            List.of(reference),
                            dependent.finalizers(),
                            body,
                            dependent.name().isPresent() ? "" : c.owner().name() + "-",
                            Json.EMPTY));
        }
        return proposal.orUnchanged("no dependents were asked for");
    }

    private static Decision withhold(
            ClusterState state, ResourceCommand.WithholdDependents c, Instant now) {
        Optional<Resource> owner = live(state, c.owner(), c.ownerUid());
        return owner.isEmpty()
                ? gone(c.owner())
                : FailedCreates.withheld(state, owner.get(), c.controller(), c.why(), now);
    }

    private static PodAdmission.Verdict admitted(ClusterState state, ResourceKey key, Json asked) {
        Json body = completed(key, asked);
        if (key.kind().equals(GroupKind.POD)) {
            switch (new Priorities(state).of(body)) {
                case Priorities.Verdict.AsItIs _ -> {
                    // As it was asked for.
                }
                case Priorities.Verdict.Given given -> {
                    return namespaceAdmits(state, key, given.in(body));
                }
                case Priorities.Verdict.Forbidden(String why) -> {
                    return new PodAdmission.Verdict.Forbidden(why);
                }
            }
        }
        return namespaceAdmits(state, key, body);
    }

    private static PodAdmission.Verdict namespaceAdmits(
            ClusterState state, ResourceKey key, Json body) {
        return PodAdmission.watched(state, key.namespace())
                ? new PodAdmission(state, key.namespace()).admit(key, body)
                : new PodAdmission.Verdict.Admitted(body);
    }

    /** A pod with what every new pod gets. */
    private static Json completed(ResourceKey key, Json body) {
        return key.kind().equals(GroupKind.POD) ? DefaultTolerations.in(body) : body;
    }

    private static ResourceKey keyFor(
            ClusterState state,
            ResourceKey owner,
            ResourceCommand.Dependent dependent,
            Set<ResourceKey> taken,
            Ids ids) {
        if (dependent.name().isPresent()) {
            return new ResourceKey(dependent.kind(), owner.namespace(), dependent.name().get());
        }
        ResourceKey key;
        do {
            key =
                    new ResourceKey(
                            dependent.kind(),
                            owner.namespace(),
                            owner.name() + "-" + ids.suffix(SUFFIX_LENGTH));
        } while (taken.contains(key)
                || state.resource(key).isPresent()
                || state.declared(key).isPresent());
        return key;
    }

    private static boolean controls(Resource owner, Resource dependent) {
        return dependent
                .metadata()
                .controller()
                .filter(c -> c.uid().equals(owner.uid()))
                .isPresent();
    }

    private static Decision revise(ClusterState state, ResourceCommand.ReviseResource c) {
        Optional<Resource> found = live(state, c.key(), c.uid());
        if (found.isEmpty()) {
            return gone(c.key());
        }
        Resource resource = found.get();
        if (resource.metadata().generation() != c.generation()) {
            return new Refused(
                    STALE,
                    "expected generation "
                            + c.generation()
                            + " of "
                            + c.key()
                            + ", found "
                            + resource.metadata().generation());
        }
        Proposal proposal = new Proposal();
        if (!resource.body().equals(c.body())) {
            proposal.add(
                    new ResourceEvent.ResourceRevised(
                            c.key(), c.uid(), c.generation() + 1, c.body()));
        }
        c.annotations()
                .filter(annotations -> !annotations.equals(resource.metadata().annotations()))
                .ifPresent(annotations ->
                        proposal.add(
                                MetadataChange.of(resource)
                                        .annotations(annotations)
                                        .event(resource)));
        if (!proposal.isEmpty()) {
            proposal.notes(c.notes());
        }
        return proposal.orUnchanged(c.key() + " is as asked");
    }

    private static Decision changeMetadata(ClusterState state, ResourceCommand.ChangeMetadata c) {
        Optional<Resource> found = live(state, c.key(), c.uid());
        if (found.isEmpty()) {
            return gone(c.key());
        }
        Resource resource = found.get();
        if (!resource.version().equals(c.version())) {
            return stale(resource, c.version());
        }
        Proposal proposal = new Proposal();
        MetadataChange wish =
                new MetadataChange(
                        c.labels(),
                        c.annotations(),
                        c.owners(),
                        c.finalizers(),
                        resource.metadata().managedFields());
        if (!wish.holdsFor(resource)) {
            proposal.add(wish.event(resource));
        }
        return proposal.orUnchanged(c.key() + " is as asked");
    }

    private static Decision write(ClusterState state, ResourceCommand.WriteResource c) {
        Optional<Resource> found = live(state, c.key(), c.uid());
        if (found.isEmpty()) {
            return gone(c.key());
        }
        Resource resource = found.get();
        if (!resource.version().equals(c.version())) {
            return stale(resource, c.version());
        }
        boolean service = c.key().kind().equals(GroupKind.SERVICE);
        Json body = service ? ServiceAddresses.keep(resource.body(), c.body()) : c.body();
        Optional<String> moved =
                service ? ServiceAllocation.moved(resource, body) : Optional.empty();
        if (moved.isPresent()) {
            return new Refused(INVALID, moved.get());
        }
        Proposal proposal = new Proposal();
        int written = -1;
        if (!resource.body().equals(body)) {
            written =
                    proposal.add(
                            new ResourceEvent.ResourceRevised(
                                    c.key(), c.uid(), resource.metadata().generation() + 1, body));
            Optional<Decision> clash = addressed(state, c.key(), c.uid(), body, written, proposal);
            if (clash.isPresent()) {
                return clash.get();
            }
        }
        MetadataChange wish =
                new MetadataChange(
                        c.labels(), c.annotations(), c.owners(), c.finalizers(), c.managedFields());
        if (!wish.holdsFor(resource)) {
            written = proposal.add(wish.event(resource));
        }
        boolean released =
                written >= 0
                        && resource.metadata().deleting()
                        && c.finalizers().isEmpty()
                        && !resource.metadata().finalizers().isEmpty()
                        && Deletions.heldOnlyByFinalizers(resource);
        if (released) {
            proposal.because(written, new ResourceEvent.ResourceRemoved(c.key(), c.uid()));
        }
        return proposal.orUnchanged(c.key() + " is as asked");
    }

    private static Decision keepBooks(ClusterState state, ResourceCommand.KeepBooks c) {
        Optional<Resource> found = live(state, c.key(), c.uid());
        if (found.isEmpty()) {
            return gone(c.key());
        }
        Resource resource = found.get();
        Proposal proposal = new Proposal();
        booked(
                        resource,
                        c.annotations(),
                        c.dropped(),
                        c.managedFields().orElse(resource.metadata().managedFields()))
                .ifPresent(proposal::add);
        return proposal.orUnchanged("the books of " + c.key() + " say so");
    }

    /** The event that has a resource's books say that; empty if they do. */
    static Optional<ResourceEvent> booked(
            Resource resource,
            SortedMap<String, String> set,
            List<String> dropped,
            Json managedFields) {
        SortedMap<String, String> annotations = new TreeMap<>(resource.metadata().annotations());
        annotations.keySet().removeAll(dropped);
        annotations.putAll(set);
        MetadataChange wish =
                MetadataChange.of(resource).annotations(annotations).managedFields(managedFields);
        return wish.holdsFor(resource) ? Optional.empty() : Optional.of(wish.event(resource));
    }

    private static Refused stale(Resource resource, Position expected) {
        return new Refused(
                STALE,
                "expected version "
                        + expected
                        + " of "
                        + resource.key()
                        + ", found "
                        + resource.version());
    }

    private static String beingTerminated(String namespace) {
        return "unable to create new content in namespace "
                + namespace
                + " because it is being terminated";
    }

    private static Decision delete(
            ClusterState state, ResourceCommand.DeleteResource c, Instant now) {
        Optional<Resource> found = state.resource(c.key());
        if (found.isEmpty()) {
            return gone(c.key());
        }
        if (c.uid().isPresent() && !c.uid().get().equals(found.get().uid())) {
            return new Refused(
                    STALE,
                    "expected uid "
                            + c.uid().get()
                            + " of "
                            + c.key()
                            + ", found "
                            + found.get().uid());
        }
        if (c.key().kind().equals(GroupKind.NAMESPACE)
                && Deletions.PERMANENT_NAMESPACES.contains(c.key().name())) {
            return new Refused(FORBIDDEN, "this namespace may not be deleted");
        }
        if (c.key().equals(ServiceRanges.KEY)) {
            return new Refused(FORBIDDEN, "the range of Services' addresses may not be deleted");
        }
        Proposal proposal = new Proposal();
        Deletions.delete(state, found.get(), c.graceSeconds(), c.propagation(), -1, proposal, now);
        if (!proposal.isEmpty()) {
            proposal.notes(c.notes());
        }
        return proposal.orUnchanged(c.key() + " is being deleted");
    }

    private static Decision realize(
            ClusterState state, ResourceCommand.RealizeDeclaration c, Ids ids) {
        Optional<Declared> entry = state.declared(c.key());
        if (entry.isEmpty()) {
            return new Refused(NOT_FOUND, c.key() + " is not declared");
        }
        if (state.resource(c.key()).isPresent()) {
            return new Refused(ALREADY_EXISTS, c.key() + " is still there");
        }
        if (terminating(state, c.key().namespace())) {
            return new Refused(FORBIDDEN, "namespace " + c.key().namespace() + " is being deleted");
        }
        if (!c.key().namespace().isEmpty()
                && state.resource(ResourceKey.namespace(c.key().namespace())).isEmpty()) {
            return new Refused(NOT_FOUND, "namespace " + c.key().namespace() + " is gone");
        }
        if (admitted(state, c.key(), entry.get().body())
                instanceof PodAdmission.Verdict.Forbidden(String why)) {
            return new Refused(FORBIDDEN, why);
        }
        Proposal proposal = new Proposal();
        Uid uid = ids.uid();
        int realized = proposal.add(new ResourceEvent.DeclarationRealized(c.key(), uid));
        completed(state, c.key(), entry.get().body(), List.of(), uid, realized, proposal);
        prioritized(new Priorities(state), c.key(), uid, entry.get().body())
                .ifPresent(given -> proposal.because(realized, given));
        return addressed(state, c.key(), uid, entry.get().body(), realized, proposal)
                .orElseGet(() -> proposal.orUnchanged(""));
    }

    /** The priority that a declared pod that begins is given, if it is given one. */
    static Optional<ResourceEvent> prioritized(
            Priorities priorities, ResourceKey key, Uid uid, Json body) {
        return key.kind().equals(GroupKind.POD)
                        && priorities.of(body) instanceof Priorities.Verdict.Given given
                ? Optional.of(
                        new ResourceEvent.PriorityGiven(
                                key, uid, given.priority(), given.preemptionPolicy()))
                : Optional.empty();
    }

    /**
     * Gives a pod that begins as Git declares it what LimitRanges and its service account give. It
     * is not part of what is declared, like a Service's address.
     *
     * @param ranges bodies of LimitRanges that come with the pod
     */
    static void completed(
            ClusterState state,
            ResourceKey key,
            Json declared,
            List<Json> ranges,
            Uid uid,
            int begun,
            Proposal proposal) {
        Json limited = PodAdmission.defaulted(state, key, declared, ranges);
        Json body = ServiceAccounts.complete(state, key, limited, uid);
        if (!body.equals(declared)) {
            proposal.because(begun, new ResourceEvent.ResourceRevised(key, uid, 1, body));
        }
    }

    /** Gives a Service that begins what it lacks; the refusal if it asks for what another has. */
    private static Optional<Decision> addressed(
            ClusterState state, ResourceKey key, Uid uid, Json body, int begun, Proposal proposal) {
        if (!key.kind().equals(GroupKind.SERVICE)) {
            return Optional.empty();
        }
        ServiceAllocation services = new ServiceAllocation(state);
        List<String> clashes = services.claim(key, body);
        if (!clashes.isEmpty()) {
            return Optional.of(new Refused(INVALID, String.join("\n", clashes)));
        }
        services.missing(key, uid, body).ifPresent(given -> proposal.because(begun, given));
        return Optional.empty();
    }

    private static Decision remove(ClusterState state, ResourceCommand.RemoveResource c) {
        Optional<Resource> found = live(state, c.key(), c.uid());
        if (found.isEmpty()) {
            return gone(c.key());
        }
        if (!found.get().metadata().deleting() || !found.get().metadata().finalizers().isEmpty()) {
            return new Refused(FORBIDDEN, c.key() + " is not being deleted, or finalizers hold it");
        }
        Proposal proposal = new Proposal();
        proposal.add(new ResourceEvent.ResourceRemoved(c.key(), c.uid()));
        return proposal.orUnchanged("");
    }

    private static Decision scale(ClusterState state, ResourceCommand.ScaleResource c) {
        Optional<Resource> found = live(state, c.key(), c.uid());
        if (found.isEmpty()) {
            return gone(c.key());
        }
        if (live(state, c.by(), c.byUid()).isEmpty()) {
            return gone(c.by());
        }
        int replicas = found.get().body().toNode().path("spec").path("replicas").asInt(1);
        if (replicas != c.seen()) {
            return new Refused(
                    STALE,
                    "expected " + c.seen() + " replicas of " + c.key() + ", found " + replicas);
        }
        Proposal proposal = new Proposal();
        if (replicas != c.replicas()) {
            proposal.add(
                    new ResourceEvent.ReplicasScaled(
                            c.key(),
                            c.uid(),
                            found.get().metadata().generation() + 1,
                            c.replicas(),
                            c.by(),
                            c.reason()));
        }
        return proposal.orUnchanged(c.key() + " has " + replicas + " replicas");
    }

    private static Decision updateStatus(ClusterState state, ResourceCommand.UpdateStatus c) {
        Optional<Resource> found = live(state, c.key(), c.uid());
        if (found.isEmpty()) {
            return gone(c.key());
        }
        if (c.version().filter(version -> !version.equals(found.get().version())).isPresent()) {
            return stale(found.get(), c.version().get());
        }
        Proposal proposal = new Proposal();
        if (!found.get().status().equals(c.status())) {
            proposal.add(new ResourceEvent.StatusChanged(c.key(), c.uid(), c.status()));
        }
        return proposal.orUnchanged("the status of " + c.key() + " is so");
    }

    private static Optional<Resource> live(ClusterState state, ResourceKey key, Uid uid) {
        return state.resource(key).filter(resource -> resource.uid().equals(uid));
    }

    private static boolean terminating(ClusterState state, String namespace) {
        return !namespace.isEmpty()
                && state.resource(ResourceKey.namespace(namespace))
                        .filter(resource -> resource.metadata().deleting())
                        .isPresent();
    }

    private static Refused gone(ResourceKey key) {
        return new Refused(NOT_FOUND, key + " not found");
    }
}
