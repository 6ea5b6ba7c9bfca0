package dev.shiplog.api.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.decide.Decider;
import dev.shiplog.decide.Decision;
import dev.shiplog.decide.RandomIds;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.kind.Admission;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.resource.kind.ObjectMeta;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.source.Declarations;
import dev.shiplog.source.Trailers;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.Declared;
import dev.shiplog.state.SourceState;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Declarations without a repository: an edit is applied to the ledger as a commit would be. Reads
 * documents as a push does, so that what a client sends must mean the same in Git.
 */
final class LedgerDeclarations implements Declarations {
    private final DirectLedger ledger;
    private final SourceName source;
    private final Supplier<Instant> clock;
    private final AtomicInteger commits = new AtomicInteger(0x2000);

    /** Every edit that came in. */
    final List<Edit> edits = new CopyOnWriteArrayList<>();

    /** What is answered instead, once. */
    volatile Optional<Result> next = Optional.empty();

    /** What is thrown instead, once. */
    volatile Optional<Exception> fault = Optional.empty();

    /** Run before the next edit is looked at, once. */
    volatile Runnable first = () -> {};

    LedgerDeclarations(DirectLedger ledger, SourceName source, Supplier<Instant> clock) {
        this.ledger = ledger;
        this.source = source;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Result> write(Edit edit) {
        edits.add(edit);
        Runnable before = first;
        first = () -> {};
        before.run();
        Optional<Exception> thrown = fault;
        fault = Optional.empty();
        if (thrown.isPresent()) {
            return CompletableFuture.failedFuture(thrown.get());
        }
        Optional<Result> instead = next;
        next = Optional.empty();
        try {
            return CompletableFuture.completedFuture(
                    instead.isPresent() ? instead.get() : apply(edit));
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Result apply(Edit edit) throws Exception {
        ClusterState state = ledger.state();
        List<DeclaredResource> declared = new ArrayList<>();
        List<ResourceKey> withdrawn = new ArrayList<>();
        for (Change change : edit.changes()) {
            switch (change) {
                case Change.Put(var key, var before, var after) -> {
                    if (before.isPresent() && !before.get().equals(document(state, key))) {
                        return new Result.Stale(key + " is declared otherwise");
                    }
                    if (before.isEmpty() && state.declared(key).isPresent()) {
                        return new Result.Stale(key + " is declared");
                    }
                    declared.add(read(key, after));
                }
                case Change.Remove(var key) -> {
                    if (state.declared(key).isEmpty()) {
                        return new Result.Stale(key + " is not declared");
                    }
                    withdrawn.add(key);
                }
            }
        }
        CommitId id = new CommitId("%040x".formatted(commits.incrementAndGet()));
        SourceCommand.ApplyCommit command =
                new SourceCommand.ApplyCommit(
                        source,
                        id,
                        state.source(source)
                                .flatMap(SourceState::applied)
                                .map(SourceState.Applied::commit),
                        new CommitInfo(
                                edit.author().name(),
                                edit.author().email(),
                                clock.get(),
                                edit.message()),
                        edit.pusher().name(),
                        declared,
                        withdrawn,
                        Trailers.allowMassDeletion(edit.message()),
                        Trailers.removal(edit.message()),
                        edit.books());
        if (edit.dryRun()) {
            Decision decision =
                    Decider.decide(state, command, clock.get(), new RandomIds(new SecureRandom()));
            return decision instanceof Decision.Refused(var reason, var why)
                    ? new Result.Rejected(reason.name(), List.of(why))
                    : new Result.Unchanged();
        }
        Origin origin =
                new Origin(
                        "git:" + edit.author().email(),
                        Cause.none(),
                        "commit:" + id,
                        Optional.of(id));
        return switch (ledger.submit(command, origin).get(10, TimeUnit.SECONDS)) {
            case Outcome.Refused(var reason, var why) ->
                    new Result.Rejected(reason.name(), List.of(why));
            case Outcome.Applied(var events) -> new Result.Written(id, events.getLast().position());
        };
    }

    /** As a push reads a manifest. */
    private static DeclaredResource read(ResourceKey key, Json after) {
        Kind kind = Kinds.of(key.kind()).orElseThrow();
        ObjectNode document = after.toObject();
        Findings findings = new Findings();
        Admission.admit(kind, document, "default", findings);
        if (findings.hasErrors() || !findings.warnings().isEmpty()) {
            boolean harmless =
                    !findings.hasErrors()
                            && findings.warnings().stream()
                                    .allMatch(
                                            warning -> warning.message().contains("not acted on"));
            if (!harmless) {
                throw new AssertionError(after + ": " + findings.errors() + findings.warnings());
            }
        }
        ObjectMeta meta = ObjectMeta.of(document.path("metadata"));
        document.remove(List.of("apiVersion", "kind", "metadata", "status"));
        return new DeclaredResource(
                key.namespace() + "/" + key.name() + ".yaml",
                1,
                key,
                kind.storageVersion(),
                meta.labels(),
                meta.annotations(),
                meta.owners(),
                meta.finalizers(),
                Json.of(document));
    }

    /** What is declared, as a document; made independently of the code under test. */
    private static Json document(ClusterState state, ResourceKey key) {
        Declared entry = state.declared(key).orElseThrow();
        ObjectNode root = entry.body().toObject();
        root.put("apiVersion", entry.apiVersion()).put("kind", key.kind().kind());
        ObjectNode metadata = root.putObject("metadata").put("name", key.name());
        if (!key.namespace().isEmpty()) {
            metadata.put("namespace", key.namespace());
        }
        if (!entry.labels().isEmpty()) {
            entry.labels().forEach(metadata.putObject("labels")::put);
        }
        if (!entry.annotations().isEmpty()) {
            entry.annotations().forEach(metadata.putObject("annotations")::put);
        }
        if (!entry.owners().isEmpty()) {
            ArrayNode owners = metadata.putArray("ownerReferences");
            entry.owners().forEach(owner -> owners.add(owner.toNode()));
        }
        if (!entry.finalizers().isEmpty()) {
            entry.finalizers().forEach(metadata.putArray("finalizers")::add);
        }
        return Json.of(root);
    }
}
