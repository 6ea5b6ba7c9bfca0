package dev.shiplog.decide;

import static dev.shiplog.decide.Decision.Reason.FORBIDDEN;
import static dev.shiplog.decide.Decision.Reason.INVALID;
import static dev.shiplog.decide.Decision.Reason.NOT_FOUND;
import static dev.shiplog.decide.Decision.Reason.STALE;
import static dev.shiplog.decide.Decision.Reason.UNCHANGED;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.command.SourceCommand.ApplyCommit;
import dev.shiplog.decide.Decision.Refused;
import dev.shiplog.decide.admission.PodAdmission;
import dev.shiplog.decide.admission.Priorities;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.ResourceEvent.Effect;
import dev.shiplog.event.SourceEvent;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.Origin;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.Declared;
import dev.shiplog.state.ServiceAddresses;
import dev.shiplog.state.SourceState;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What Git may do to the cluster. */
final class SourceDecisions {
    /** A commit may take out this many objects of its source without saying so. */
    static final int FREE_WITHDRAWALS = 5;

    private SourceDecisions() {}

    static Decision decide(ClusterState state, SourceCommand command, Instant now, Ids ids) {
        if (command instanceof SourceCommand.RegisterSource c) {
            return register(state, c);
        }
        Optional<SourceState> source = state.source(command.source());
        if (source.isEmpty()) {
            return new Refused(NOT_FOUND, "source \"" + command.source() + "\" is not registered");
        }
        return switch (command) {
            case SourceCommand.RegisterSource c -> register(state, c);
            case ApplyCommit c -> apply(state, source.get(), c, now, ids);
            case SourceCommand.ApplyCommits c -> applyAll(state, c, now, ids);
            case SourceCommand.HoldCommit c -> hold(source.get(), c);
            case SourceCommand.ReportSourceFailure c ->
                    source.get().failure().equals(Optional.of(c.message()))
                            ? new Refused(UNCHANGED, "this failure of " + c.source() + " is known")
                            : one(
                                    new SourceEvent.SourceFailed(
                                            c.source(), c.reason(), c.message()));
            case SourceCommand.ReportSourceRecovery c ->
                    source.get().failure().isEmpty()
                            ? new Refused(UNCHANGED, "source " + c.source() + " has not failed")
                            : one(new SourceEvent.SourceRecovered(c.source()));
        };
    }

    private static Decision register(ClusterState state, SourceCommand.RegisterSource c) {
        boolean same =
                state.source(c.source())
                        .filter(s ->
                                s.url().equals(c.url())
                                        && s.branch().equals(c.branch())
                                        && s.path().equals(c.path())
                                        && s.served() == c.served())
                        .isPresent();
        return same
                ? new Refused(UNCHANGED, "source " + c.source() + " is registered so")
                : one(
                        new SourceEvent.SourceRegistered(
                                c.source(), c.url(), c.branch(), c.path(), c.served()));
    }

    private static Decision hold(SourceState source, SourceCommand.HoldCommit c) {
        SourceState.Held held = new SourceState.Held(c.commit(), c.reason(), c.message());
        return source.held().equals(Optional.of(held))
                ? new Refused(UNCHANGED, "commit " + c.commit() + " is held for this reason")
                : one(new SourceEvent.CommitHeld(c.source(), c.commit(), c.reason(), c.message()));
    }

    /** Decides each commit on the state that those before it leave. */
    private static Decision applyAll(
            ClusterState state, SourceCommand.ApplyCommits c, Instant now, Ids ids) {
        List<Decision.Proposed> events = new ArrayList<>();
        ClusterState at = state;
        for (ApplyCommit commit : c.commits()) {
            SourceState source = at.source(c.source()).orElseThrow();
            switch (apply(at, source, commit, now, ids)) {
                case Refused refused -> {
                    return events.isEmpty() ? refused : new Decision.Accepted(events);
                }
                case Decision.Accepted(var following) -> {
                    at = at.evolve(foreseen(at, following, commit, now));
                    int shift = events.size();
                    following.forEach(one -> events.add(shifted(one, shift)));
                }
            }
        }
        return new Decision.Accepted(events);
    }

    /** The events as if they stood in the log already; where they will stand is not known yet. */
    private static List<Recorded> foreseen(
            ClusterState at, List<Decision.Proposed> events, ApplyCommit commit, Instant now) {
        Origin origin = Origin.request("system:source", "commit:" + commit.commit());
        List<Recorded> recorded = new ArrayList<>(events.size());
        for (Decision.Proposed one : events) {
            recorded.add(
                    new Recorded(
                            new Position(at.position().value() + recorded.size() + 1),
                            now,
                            origin,
                            one.event()));
        }
        return recorded;
    }

    private static Decision.Proposed shifted(Decision.Proposed one, int by) {
        return one.cause() instanceof Cause.Sibling(int index)
                ? new Decision.Proposed(one.event(), new Cause.Sibling(index + by))
                : one;
    }

    private static Decision apply(
            ClusterState state, SourceState source, ApplyCommit c, Instant now, Ids ids) {
        Optional<CommitId> applied = source.applied().map(SourceState.Applied::commit);
        if (applied.equals(Optional.of(c.commit()))) {
            return new Refused(UNCHANGED, "commit " + c.commit() + " is applied");
        }
        if (!applied.equals(c.previous())) {
            return new Refused(
                    STALE,
                    "expected the difference to "
                            + shown(applied)
                            + ", found one to "
                            + shown(c.previous()));
        }
        ServiceAllocation services = new ServiceAllocation(state);
        Optional<Refused> objection = objection(state, c, services);
        if (objection.isPresent()) {
            return objection.get();
        }
        List<DeclaredResource> changed =
                c.declared().stream()
                        .filter(d ->
                                state.declared(d.key())
                                        .filter(entry -> same(entry, d, c))
                                        .isEmpty())
                        .toList();
        Proposal proposal = new Proposal();
        int commit =
                proposal.add(
                        new SourceEvent.CommitApplied(
                                c.source(),
                                c.commit(),
                                c.previous(),
                                c.info(),
                                c.pusher(),
                                changed.size(),
                                c.withdrawn().size()));
        Priorities priorities = priorities(state, c);
        for (DeclaredResource declared : changed) {
            declare(state, c, declared, commit, proposal, now, ids, services, priorities);
        }
        for (ResourceKey key : c.withdrawn()) {
            int withdrawn =
                    proposal.because(commit, new ResourceEvent.ResourceWithdrawn(c.source(), key));
            state.resource(key)
                    .ifPresent(live ->
                            Deletions.delete(
                                    state,
                                    live,
                                    c.removal().graceSeconds(),
                                    c.removal().propagation(),
                                    withdrawn,
                                    proposal,
                                    now));
        }
        keepBooks(state, c, commit, proposal, now);
        return proposal.orUnchanged("unreachable: a commit is always an event");
    }

    /** Sets what the command knows beside the commit on what the commit leaves. */
    private static void keepBooks(
            ClusterState state, ApplyCommit c, int commit, Proposal proposal, Instant now) {
        if (c.books().isEmpty()) {
            return;
        }
        ClusterState at = state.evolve(foreseen(state, proposal.proposed(), c, now));
        for (SourceCommand.Books books : c.books()) {
            boolean declaredNow = c.declared().stream().anyMatch(d -> d.key().equals(books.key()));
            at.resource(books.key())
                    .filter(resource -> declaredNow && !resource.metadata().deleting())
                    .flatMap(resource ->
                            ResourceDecisions.booked(
                                    resource,
                                    books.annotations(),
                                    books.dropped(),
                                    books.managedFields()))
                    .ifPresent(event -> proposal.because(commit, event));
        }
    }

    /** The first thing that speaks against a commit, if anything does. */
    private static Optional<Refused> objection(
            ClusterState state, ApplyCommit c, ServiceAllocation services) {
        Set<ResourceKey> withdrawn = new TreeSet<>(c.withdrawn());
        int inventory = state.declarationsOf(c.source()).size();
        if (withdrawn.size() > FREE_WITHDRAWALS
                && 2 * withdrawn.size() > inventory
                && !c.allowMassDeletion()) {
            return Optional.of(
                    new Refused(
                            FORBIDDEN,
                            "this commit would delete "
                                    + withdrawn.size()
                                    + " of the "
                                    + inventory
                                    + " objects of source "
                                    + c.source()
                                    + ". If that is meant, add the line \"Shiplog-Allow-Delete: true\" to its message"));
        }
        Set<String> namespaces = new TreeSet<>();
        Set<ResourceKey> seen = new TreeSet<>();
        for (DeclaredResource d : c.declared()) {
            if (!seen.add(d.key())) {
                return Optional.of(
                        new Refused(
                                INVALID, at(d) + d.key() + " is declared twice in this commit"));
            }
            if (d.key().kind().equals(GroupKind.NAMESPACE)) {
                namespaces.add(d.key().name());
            }
        }
        List<String> problems = new ArrayList<>();
        for (ResourceKey key : withdrawn) {
            if (key.kind().equals(GroupKind.NAMESPACE)
                    && Deletions.PERMANENT_NAMESPACES.contains(key.name())) {
                problems.add("namespace " + key.name() + " cannot be deleted");
            }
        }
        problems.addAll(homeless(state, c, withdrawn, seen));
        for (DeclaredResource d : c.declared()) {
            declarationProblem(state, c, d, namespaces, withdrawn)
                    .ifPresent(problem -> problems.add(at(d) + problem));
        }
        problems.addAll(addressProblems(state, c, services));
        admissionProblems(state, c, problems);
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of(new Refused(INVALID, String.join("\n", problems)));
    }

    /**
     * What stays declared in a namespace that the commit takes out. It would be deleted with it,
     * uncounted, and the repository would be one that no cluster takes.
     */
    private static List<String> homeless(
            ClusterState state, ApplyCommit c, Set<ResourceKey> withdrawn, Set<ResourceKey> now) {
        Set<String> going = new TreeSet<>();
        for (ResourceKey key : withdrawn) {
            if (key.kind().equals(GroupKind.NAMESPACE)) {
                going.add(key.name());
            }
        }
        if (going.isEmpty()) {
            return List.of();
        }
        return state.declarationsOf(c.source()).stream()
                .filter(key -> going.contains(key.namespace()))
                .filter(key -> !withdrawn.contains(key) && !now.contains(key))
                .map(key ->
                        state.declared(key).orElseThrow().path()
                                + ": "
                                + key
                                + " is in namespace \""
                                + key.namespace()
                                + "\", which is not declared any more: take it out as well")
                .toList();
    }

    /** Has every Service of the commit take what it asks for; the clashes. */
    private static List<String> addressProblems(
            ClusterState state, ApplyCommit c, ServiceAllocation services) {
        List<String> problems = new ArrayList<>();
        List<DeclaredResource> declared =
                c.declared().stream()
                        .filter(d -> d.key().kind().equals(GroupKind.SERVICE))
                        .toList();
        c.withdrawn().forEach(services::release);
        declared.forEach(d -> services.release(d.key()));
        for (DeclaredResource d : declared) {
            Optional<Resource> live = state.resource(d.key());
            live.flatMap(before -> ServiceAllocation.moved(before, liveBody(live, d)))
                    .ifPresent(problem -> problems.add(at(d) + problem));
            services.claim(d.key(), liveBody(live, d))
                    .forEach(problem -> problems.add(at(d) + problem));
        }
        return problems;
    }

    /** A Service as it will be live, with what it keeps. */
    private static Json liveBody(Optional<Resource> live, DeclaredResource d) {
        return live.map(before -> ServiceAddresses.keep(before.body(), d.body())).orElse(d.body());
    }

    /** What the namespaces that are there say of the objects that are new. */
    private static void admissionProblems(
            ClusterState state, ApplyCommit c, List<String> problems) {
        SortedMap<String, PodAdmission> admissions = new TreeMap<>();
        Priorities priorities = priorities(state, c);
        for (DeclaredResource d : c.declared()) {
            if (d.key().kind().equals(GroupKind.POD)
                    && state.resource(d.key()).isEmpty()
                    && priorities.of(d.body())
                            instanceof Priorities.Verdict.Forbidden(String why)) {
                problems.add(at(d) + d.key() + " is forbidden: " + why);
                continue;
            }
            String namespace = d.key().namespace();
            if (namespace.isEmpty()
                    || state.resource(d.key()).isPresent()
                    || !PodAdmission.watched(state, namespace)) {
                continue;
            }
            PodAdmission admission =
                    admissions.computeIfAbsent(namespace, name -> new PodAdmission(state, name));
            if (admission.admit(d.key(), d.body())
                    instanceof PodAdmission.Verdict.Forbidden(String why)) {
                problems.add(at(d) + d.key() + " is forbidden: " + why);
            }
        }
    }

    /** The priorities of new pods, by the classes of the commit as well. */
    private static Priorities priorities(ClusterState state, ApplyCommit c) {
        SortedMap<String, Json> classes = new TreeMap<>();
        c.declared().stream()
                .filter(d -> d.key().kind().equals(GroupKind.PRIORITY_CLASS))
                .forEach(d -> classes.put(d.key().name(), d.body()));
        return new Priorities(state, classes);
    }

    private static Optional<String> declarationProblem(
            ClusterState state,
            ApplyCommit c,
            DeclaredResource d,
            Set<String> declaredNow,
            Set<ResourceKey> withdrawn) {
        ResourceKey key = d.key();
        Optional<Declared> entry = state.declared(key);
        if (entry.isPresent() && !entry.get().source().equals(c.source())) {
            return Optional.of(
                    key
                            + " is declared by source "
                            + entry.get().source()
                            + " already ("
                            + entry.get().path()
                            + "); an object has one source");
        }
        if (!key.namespace().isEmpty() && !declaredNow.contains(key.namespace())) {
            ResourceKey namespace = ResourceKey.namespace(key.namespace());
            if (withdrawn.contains(namespace)
                    || (state.resource(namespace).isEmpty()
                            && state.declared(namespace).isEmpty())) {
                return Optional.of(
                        "namespace \""
                                + key.namespace()
                                + "\" not found: declare it (kind: Namespace) in"
                                + " this repository");
            }
        }
        Optional<Resource> live = state.resource(key);
        if (entry.isEmpty() && live.isPresent() && live.get().metadata().controller().isPresent()) {
            return Optional.of(
                    key
                            + " exists and belongs to "
                            + live.get().metadata().controller().get().name()
                            + "; choose another name");
        }
        if (live.isPresent() && entry.isPresent() && selectorChanged(key, entry.get(), d)) {
            return Optional.of(
                    key
                            + ": spec.selector is immutable: expected "
                            + entry.get().body().toNode().path("spec").path("selector")
                            + ", found "
                            + d.body().toNode().path("spec").path("selector")
                            + ". Give the object another name, or delete it in one commit and add it in the next");
        }
        if (live.isPresent() && roleChanged(live.get(), d)) {
            return Optional.of(
                    key
                            + ": roleRef is immutable: expected "
                            + live.get().body().toNode().path("roleRef")
                            + ", found "
                            + d.body().toNode().path("roleRef")
                            + ". Give the object another name, or delete it in one commit and add it in the next");
        }
        return live.isPresent() && entry.isPresent()
                ? updateProblem(key, entry.get(), d)
                : Optional.empty();
    }

    /** What may not change as long as the object lives. */
    private static Optional<String> updateProblem(
            ResourceKey key, Declared before, DeclaredResource after) {
        // A pod that Git declares differently is replaced, where Kubernetes refuses the change.
        if (before.body().equals(after.body()) || key.kind().equals(GroupKind.POD)) {
            return Optional.empty();
        }
        Findings findings = new Findings();
        Kinds.of(key.kind())
                .ifPresent(kind ->
                        kind.rules()
                                .validateUpdate(
                                        before.body().toObject(),
                                        after.body().toObject(),
                                        findings));
        return findings.errors().stream()
                .findFirst()
                .map(error ->
                        key
                                + ": "
                                + error.message()
                                + ". Give the object another name, or delete it in one commit and add it in the next");
    }

    /** Who was trusted with one role was not by that trusted with another. */
    private static boolean roleChanged(Resource before, DeclaredResource after) {
        GroupKind kind = after.key().kind();
        return (kind.equals(GroupKind.ROLE_BINDING) || kind.equals(GroupKind.CLUSTER_ROLE_BINDING))
                && !before.metadata().deleting()
                && !before.body()
                        .toNode()
                        .path("roleRef")
                        .equals(after.body().toNode().path("roleRef"));
    }

    private static boolean selectorChanged(
            ResourceKey key, Declared before, DeclaredResource after) {
        return key.kind().group().equals("apps")
                && !before.body()
                        .toNode()
                        .path("spec")
                        .path("selector")
                        .equals(after.body().toNode().path("spec").path("selector"));
    }

    private static void declare(
            ClusterState state,
            ApplyCommit c,
            DeclaredResource d,
            int commit,
            Proposal proposal,
            Instant now,
            Ids ids,
            ServiceAllocation services,
            Priorities priorities) {
        Optional<Resource> live = state.resource(d.key());
        Effect effect = effect(state, d, live, ids);
        int declared =
                proposal.because(
                        commit,
                        new ResourceEvent.ResourceDeclared(
                                c.source(),
                                d.path(),
                                d.key(),
                                d.apiVersion(),
                                d.labels(),
                                d.annotations(),
                                d.owners(),
                                d.finalizers(),
                                d.body(),
                                effect));
        if (d.key().kind().equals(GroupKind.SERVICE)) {
            Optional<Uid> uid =
                    switch (effect) {
                        case Effect.Created(var fresh) -> Optional.of(fresh);
                        case Effect.Revised _ -> live.map(Resource::uid);
                        case Effect.Deferred _ -> Optional.empty();
                    };
            uid.flatMap(id -> services.missing(d.key(), id, liveBody(live, d)))
                    .ifPresent(given -> proposal.because(declared, given));
        }
        if (effect instanceof Effect.Created(var fresh)) {
            ResourceDecisions.completed(
                    state, d.key(), d.body(), limits(c, d.key()), fresh, declared, proposal);
            ResourceDecisions.prioritized(priorities, d.key(), fresh, d.body())
                    .ifPresent(given -> proposal.because(declared, given));
        }
        if (effect instanceof Effect.Deferred
                && live.isPresent()
                && !live.get().metadata().deleting()) {
            Deletions.delete(
                    state,
                    live.get(),
                    OptionalLong.empty(),
                    Propagation.BACKGROUND,
                    declared,
                    proposal,
                    now);
        }
    }

    /** What comes with a pod for its namespace. */
    private static List<Json> limits(ApplyCommit c, ResourceKey key) {
        return c.declared().stream()
                .filter(d ->
                        d.key().kind().equals(GroupKind.LIMIT_RANGE)
                                && d.key().namespace().equals(key.namespace()))
                .map(DeclaredResource::body)
                .toList();
    }

    private static Effect effect(
            ClusterState state, DeclaredResource d, Optional<Resource> live, Ids ids) {
        if (!d.key().namespace().isEmpty()
                && state.resource(ResourceKey.namespace(d.key().namespace()))
                        .filter(namespace -> namespace.metadata().deleting())
                        .isPresent()) {
            return new Effect.Deferred("namespace " + d.key().namespace() + " is being deleted");
        }
        if (live.isEmpty()) {
            return new Effect.Created(ids.uid());
        }
        Resource resource = live.get();
        if (resource.metadata().deleting()) {
            return new Effect.Deferred("the one before it is being deleted");
        }
        boolean sameBody =
                state.declared(d.key())
                        .map(entry -> entry.body().equals(d.body()))
                        .orElse(resource.body().equals(d.body()));
        if (!sameBody && d.key().kind().equals(GroupKind.POD)) {
            return new Effect.Deferred("a pod is replaced when its spec changes");
        }
        long generation = resource.metadata().generation();
        return new Effect.Revised(sameBody ? generation : generation + 1);
    }

    private static boolean same(Declared entry, DeclaredResource d, ApplyCommit c) {
        return entry.source().equals(c.source())
                && entry.path().equals(d.path())
                && entry.apiVersion().equals(d.apiVersion())
                && entry.labels().equals(d.labels())
                && entry.annotations().equals(d.annotations())
                && entry.owners().equals(d.owners())
                && entry.finalizers().equals(d.finalizers())
                && entry.body().equals(d.body());
    }

    private static String at(DeclaredResource d) {
        return d.path() + ":" + d.line() + ": ";
    }

    private static String shown(Optional<CommitId> commit) {
        return commit.map(CommitId::value).orElse("no commit");
    }

    private static Decision one(SourceEvent event) {
        Proposal proposal = new Proposal();
        proposal.add(event);
        return proposal.orUnchanged("");
    }
}
