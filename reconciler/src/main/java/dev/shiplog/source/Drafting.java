package dev.shiplog.source;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.SourceCommand.ApplyCommit;
import dev.shiplog.decide.Decider;
import dev.shiplog.decide.Decision;
import dev.shiplog.event.Recorded;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.yaml.Manifests.Decoded;
import dev.shiplog.resource.yaml.Manifests.Problem;
import dev.shiplog.source.Declarations.Change;
import dev.shiplog.source.Declarations.Edit;
import dev.shiplog.source.Declarations.Result;
import dev.shiplog.source.edit.ManifestEdit;
import dev.shiplog.source.edit.ManifestEdit.Outcome;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.Declared;
import dev.shiplog.state.SourceState;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Turns edits into what a commit changes: files, and the command that makes it the truth. Edits of
 * one batch are drafted one after the other, each on the state that the one before leaves. Changes
 * nothing. Used by one thread at a time.
 */
public final class Drafting {
    private static final String DEFAULT_NAMESPACE = "default";

    private final SourceName source;
    private final ManifestDecoder decoder;
    private final PreviewIds ids = new PreviewIds();

    public Drafting(SourceName source, ManifestDecoder decoder) {
        this.source = source;
        this.decoder = decoder;
    }

    /** What comes of an edit before there is a commit. */
    public sealed interface Draft {
        /** Nothing is to be committed. */
        record Answered(Result result) implements Draft {}

        /**
         * A commit is.
         *
         * @param files the new content by path; empty to delete the file
         */
        record Files(
                SortedMap<String, Optional<byte[]>> files,
                List<DeclaredResource> declared,
                List<ResourceKey> withdrawn)
                implements Draft {
            public Files {
                declared = List.copyOf(declared);
                withdrawn = List.copyOf(withdrawn);
            }
        }
    }

    /** What comes of a drafted commit when it is decided, dry. */
    public sealed interface Verdict {
        record Rejected(Result.Rejected result) implements Verdict {}

        /**
         * It can become the truth.
         *
         * @param after the state that it leaves, but for the positions and ids of its events
         */
        record Ready(ApplyCommit command, ClusterState after) implements Verdict {}
    }

    /** New files as they will most likely be; written before it is known what is there. */
    public record Prepared(Map<String, Outcome> byPath) {}

    /**
     * Does what of drafting needs no state, so that many threads can do it side by side.
     *
     * @param folder of the source
     */
    public static Prepared prepare(Edit edit, String folder) {
        Map<String, Outcome> byPath = new TreeMap<>();
        for (Change change : edit.changes()) {
            if (change instanceof Change.Put(var key, var before, var after) && before.isEmpty()) {
                String path = NewFiles.likely(key, folder);
                byPath.put(path, ManifestEdit.create(path, key, after));
            }
        }
        return new Prepared(byPath);
    }

    /** Drafts an edit on a state, and the files that belong to it. */
    public Draft draft(ClusterState state, WorkingFiles files, Edit edit) throws IOException {
        return draft(state, files, edit, new Prepared(Map.of()));
    }

    /** The same, for an edit that was prepared. */
    public Draft draft(ClusterState state, WorkingFiles files, Edit edit, Prepared prepared)
            throws IOException {
        if (outgrown(state, edit)) {
            return new Draft.Answered(
                    new Result.Stale(
                            "more is declared in the namespace than is taken out with it"));
        }
        SortedMap<String, Outcome.Changed> changed = new TreeMap<>();
        WorkingFiles overlay = new Overlay(files, changed);
        for (Change change : edit.changes()) {
            Optional<Result> answer =
                    switch (change) {
                        case Change.Put put -> put(state, overlay, put, prepared, changed);
                        case Change.Remove remove -> remove(state, overlay, remove, changed);
                    };
            if (answer.isPresent()) {
                return new Draft.Answered(answer.get());
            }
        }
        return changed.isEmpty()
                ? new Draft.Answered(new Result.Unchanged())
                : drafted(state, files, changed);
    }

    /** Whether a namespace that is removed has got more since the edit was made. */
    private boolean outgrown(ClusterState state, Edit edit) {
        Set<ResourceKey> removed = new TreeSet<>();
        Set<String> namespaces = new TreeSet<>();
        for (Change change : edit.changes()) {
            if (change instanceof Change.Remove(var key)) {
                removed.add(key);
                if (key.kind().equals(GroupKind.NAMESPACE)) {
                    namespaces.add(key.name());
                }
            }
        }
        return !namespaces.isEmpty()
                && state.declarationsOf(source).stream()
                        .anyMatch(key ->
                                namespaces.contains(key.namespace()) && !removed.contains(key));
    }

    private Optional<Result> put(
            ClusterState state,
            WorkingFiles files,
            Change.Put put,
            Prepared prepared,
            Map<String, Outcome.Changed> changed)
            throws IOException {
        ResourceKey key = put.key();
        Optional<Declared> entry = state.declared(key);
        if (entry.isEmpty() && put.before().isPresent()) {
            return Optional.of(new Result.Stale(key + " is not declared in Git any more"));
        }
        if (entry.isEmpty()) {
            return create(state, files, put, prepared, changed);
        }
        Optional<Result> foreign = foreign(entry.get(), key);
        if (foreign.isPresent()) {
            return foreign;
        }
        if (put.before().isEmpty()) {
            return Optional.of(
                    new Result.Stale(key + " is declared already, by " + entry.get().path()));
        }
        String path = entry.get().path();
        Optional<byte[]> content = files.read(path);
        if (content.isEmpty()) {
            return Optional.of(new Result.Stale(path + " is not in Git any more"));
        }
        Optional<Json> live = state.resource(key).map(Resource::body);
        return settled(
                path,
                ManifestEdit.put(path, content.get(), key, live, put.before().get(), put.after()),
                changed);
    }

    private Optional<Result> create(
            ClusterState state,
            WorkingFiles files,
            Change.Put put,
            Prepared prepared,
            Map<String, Outcome.Changed> changed)
            throws IOException {
        String folder = state.source(source).map(SourceState::path).orElse("");
        Optional<String> path = NewFiles.path(put.key(), folder, files);
        if (path.isEmpty()) {
            return Optional.of(
                    new Result.Rejected(
                            "NoPath",
                            List.of(
                                    "expected a free path for "
                                            + put.key()
                                            + " that "
                                            + ManifestFiles.IGNORE_FILE
                                            + " does not ignore, found none: add its file by hand")));
        }
        Outcome known = prepared.byPath().get(path.get());
        return settled(
                path.get(),
                known != null ? known : ManifestEdit.create(path.get(), put.key(), put.after()),
                changed);
    }

    private Optional<Result> remove(
            ClusterState state,
            WorkingFiles files,
            Change.Remove remove,
            Map<String, Outcome.Changed> changed)
            throws IOException {
        Optional<Declared> entry = state.declared(remove.key());
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        Optional<Result> foreign = foreign(entry.get(), remove.key());
        if (foreign.isPresent()) {
            return foreign;
        }
        String path = entry.get().path();
        Optional<byte[]> content = files.read(path);
        return content.isEmpty()
                ? Optional.empty()
                : settled(path, ManifestEdit.remove(path, content.get(), remove.key()), changed);
    }

    private Optional<Result> foreign(Declared entry, ResourceKey key) {
        return entry.source().equals(source)
                ? Optional.empty()
                : Optional.of(
                        new Result.Rejected(
                                "Refused",
                                List.of(
                                        key
                                                + " is declared by source "
                                                + entry.source()
                                                + ", not by "
                                                + source)));
    }

    /** Takes what an edit of a file gave; an answer if the whole edit ends with it. */
    private static Optional<Result> settled(
            String path, Outcome outcome, Map<String, Outcome.Changed> changed) {
        return switch (outcome) {
            case Outcome.Changed file -> {
                changed.put(path, file);
                yield Optional.empty();
            }
            case Outcome.Same _ -> Optional.empty();
            case Outcome.Stale(var message) -> Optional.of(new Result.Stale(message));
            case Outcome.Rejected(var objections) ->
                    Optional.of(new Result.Rejected("InvalidManifest", objections));
        };
    }

    private Draft drafted(
            ClusterState state, WorkingFiles files, SortedMap<String, Outcome.Changed> changed)
            throws IOException {
        Set<ResourceKey> before = new TreeSet<>();
        List<DeclaredResource> now = new ArrayList<>();
        SortedMap<String, Optional<byte[]>> contents = new TreeMap<>();
        for (Map.Entry<String, Outcome.Changed> file : changed.entrySet()) {
            Optional<byte[]> old = files.read(file.getKey());
            if (old.isPresent()) {
                decoded(file.getKey(), old.get()).resources().forEach(d -> before.add(d.key()));
            }
            now.addAll(file.getValue().declared());
            contents.put(file.getKey(), file.getValue().content());
        }
        Difference difference =
                Difference.of(
                        state,
                        source,
                        new Difference.Scope(Optional.of(changed.keySet())),
                        before,
                        now,
                        _ -> List.of());
        return difference.problems().isEmpty()
                ? new Draft.Files(contents, difference.declared(), difference.withdrawn())
                : new Draft.Answered(
                        new Result.Rejected(
                                "InvalidManifest",
                                difference.problems().stream().map(Problem::toString).toList()));
    }

    private Decoded decoded(String path, byte[] content) {
        return decoder.decode(path, content, DEFAULT_NAMESPACE);
    }

    /**
     * Decides a drafted commit, dry.
     *
     * @param now when it is decided, and when its author wrote it
     */
    public Verdict decide(
            ClusterState state, Draft.Files draft, CommitId commit, Edit edit, Instant now) {
        CommitInfo info = info(edit, now);
        ApplyCommit command =
                new ApplyCommit(
                        source,
                        commit,
                        state.source(source)
                                .flatMap(SourceState::applied)
                                .map(SourceState.Applied::commit),
                        info,
                        edit.pusher().name(),
                        draft.declared(),
                        draft.withdrawn(),
                        Trailers.allowMassDeletion(edit.message()),
                        Trailers.removal(edit.message()),
                        edit.books());
        return switch (Decider.decide(state, command, now, ids)) {
            case Decision.Refused(var reason, var message) ->
                    new Verdict.Rejected(
                            new Result.Rejected(Intake.word(reason), message.lines().toList()));
            case Decision.Accepted(var events) -> {
                List<Recorded> recorded = new ArrayList<>();
                for (Decision.Proposed one : events) {
                    recorded.add(
                            new Recorded(
                                    new Position(state.position().value() + recorded.size() + 1),
                                    now,
                                    GitActors.author(commit, info),
                                    one.event()));
                }
                yield new Verdict.Ready(command, state.evolve(recorded));
            }
        };
    }

    private static CommitInfo info(Edit edit, Instant now) {
        return new CommitInfo(edit.author().name(), edit.author().email(), now, edit.message());
    }

    /** Files with those of this edit in front. */
    private record Overlay(WorkingFiles files, Map<String, Outcome.Changed> changed)
            implements WorkingFiles {
        @Override
        public Optional<byte[]> read(String path) throws IOException {
            Outcome.Changed file = changed.get(path);
            return file != null ? file.content() : files.read(path);
        }

        @Override
        public boolean exists(String path) throws IOException {
            Outcome.Changed file = changed.get(path);
            return file != null ? file.content().isPresent() : files.exists(path);
        }

        @Override
        public CommitFiles.IgnoreRules ignoreRules(String folder) throws IOException {
            return files.ignoreRules(folder);
        }
    }
}
