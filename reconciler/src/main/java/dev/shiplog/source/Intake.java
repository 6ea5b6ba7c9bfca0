package dev.shiplog.source;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.SourceCommand.ApplyCommit;
import dev.shiplog.decide.Decider;
import dev.shiplog.decide.Decision;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.yaml.Manifests.Decoded;
import dev.shiplog.resource.yaml.Manifests.Problem;
import dev.shiplog.resource.yaml.Manifests.Warning;
import dev.shiplog.resource.yaml.PlainSecrets;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.Declared;
import dev.shiplog.state.SourceState;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks at a commit of one source and says what it would do: selects the files that changed,
 * decodes them, computes the difference, and makes the very decision that the ledger would make.
 * Changes nothing.
 */
public final class Intake {
    private final SourceName source;
    private final Ledger ledger;
    private final CommitFiles files;
    private final DecodedFiles decoded;
    private final ManifestDecoder decoder;
    private final InstantSource clock;

    public Intake(
            SourceName source,
            Ledger ledger,
            CommitFiles files,
            ManifestDecoder decoder,
            InstantSource clock) {
        this.source = source;
        this.ledger = ledger;
        this.files = files;
        this.decoded = new DecodedFiles(files, decoder);
        this.decoder = decoder;
        this.clock = clock;
    }

    /** The same of commits that lie elsewhere. */
    public Intake reading(CommitFiles others) {
        return new Intake(source, ledger, others, decoder, clock);
    }

    /**
     * Examines a commit against the applied one, brought in by the cluster itself.
     *
     * @param pusher {@code system}, {@code poll} or {@code webhook}
     * @throws IOException if the repository cannot be read; says nothing about the commit
     */
    public Examination examine(CommitId commit, String pusher) throws IOException {
        return examine(commit, new Pusher(pusher));
    }

    /**
     * Examines a commit against the applied one. One object in it that its pusher has no right to
     * declare so speaks against all of it.
     *
     * @throws IOException if the repository cannot be read; says nothing about the commit
     */
    public Examination examine(CommitId commit, Pusher pusher) throws IOException {
        ClusterState state = ledger.state();
        SourceState at = state.source(source).orElseThrow();
        Optional<CommitId> applied = at.applied().map(SourceState.Applied::commit);
        if (applied.equals(Optional.of(commit))) {
            return new Examination.Current();
        }
        Selection selection = select(applied, commit, at.path());
        if (selection.folderMissing()) {
            return new Examination.Objected(
                    "PathNotFound",
                    List.of(
                            "expected the folder \""
                                    + at.path()
                                    + "\" in commit "
                                    + commit
                                    + ", found none; nothing is deleted because of it"));
        }
        try {
            return examine(
                    state,
                    selection,
                    command(state, commit, applied, pusher.name(), selection),
                    pusher.rights());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * The Secrets that anybody can read in what a commit changed: it need not become the truth to
     * show them, it is enough that it can be fetched.
     *
     * @param parent empty for the first commit
     */
    public List<String> plainSecrets(CommitId commit, Optional<CommitId> parent)
            throws IOException {
        String folder = ledger.state().source(source).map(SourceState::path).orElse("");
        ManifestFiles manifests = new ManifestFiles(folder, files.ignoreRules(commit, folder));
        List<FileEntry> now =
                parent.isPresent()
                        ? files.changes(parent.get(), commit, folder).stream()
                                .flatMap(change -> change.after().stream())
                                .toList()
                        : files.files(commit, folder);
        List<String> exposed = new ArrayList<>();
        for (FileEntry file : now) {
            if (manifests.manifest(file)) {
                decoded.decode(file).problems().stream()
                        .filter(PlainSecrets::exposed)
                        .forEach(problem -> exposed.add(problem.toString()));
            }
        }
        return exposed;
    }

    /** Whether the repository has a commit, so that it can be examined. */
    public boolean holds(CommitId commit) throws IOException {
        return files.holds(commit);
    }

    private Examination examine(
            ClusterState state, Selection selection, Draft draft, Rights rights) {
        if (!draft.problems().isEmpty()) {
            return new Examination.Objected(
                    "InvalidManifest", draft.problems().stream().map(Problem::toString).toList());
        }
        Decision decision =
                Decider.decide(state, draft.command(), clock.instant(), new PreviewIds());
        return switch (decision) {
            case Decision.Refused(var reason, var message) ->
                    new Examination.Objected(word(reason), message.lines().toList());
            case Decision.Accepted(var events) -> {
                List<String> forbidden = ChangeRights.objections(state, events, rights);
                yield forbidden.isEmpty()
                        ? new Examination.Ready(
                                draft.command(),
                                Plan.of(state, events),
                                SecurityWarnings.beside(
                                        selection.warnings(), state, draft.command().declared()))
                        : new Examination.Objected("Forbidden", forbidden);
            }
        };
    }

    static String word(Decision.Reason reason) {
        return switch (reason) {
            case FORBIDDEN -> "TooManyDeletions";
            case INVALID -> "InvalidManifest";
            case NOT_FOUND, ALREADY_EXISTS, STALE, UNCHANGED -> "Refused";
        };
    }

    /** A command and what speaks against it before anybody decides. */
    private record Draft(ApplyCommit command, List<Problem> problems) {}

    private Draft command(
            ClusterState state,
            CommitId commit,
            Optional<CommitId> applied,
            String pusher,
            Selection selection)
            throws IOException {
        CommitInfo info = files.info(commit);
        Collection<ResourceKey> before =
                selection.scope().paths().isEmpty()
                        ? state.declarationsOf(source)
                        : declaredBefore(state, selection);
        Difference difference =
                Difference.of(
                        state,
                        source,
                        selection.scope(),
                        before,
                        selection.declared().stream()
                                .map(declared ->
                                        decoder.kept(
                                                declared,
                                                state.declared(declared.key()).map(Declared::body)))
                                .toList(),
                        path -> declaredIn(commit, path));
        List<Problem> problems = new ArrayList<>(selection.problems());
        problems.addAll(difference.problems());
        return new Draft(
                new ApplyCommit(
                        source,
                        commit,
                        applied,
                        info,
                        pusher,
                        difference.declared(),
                        difference.withdrawn(),
                        Trailers.allowMassDeletion(info.message()),
                        Trailers.removal(info.message())),
                problems);
    }

    /**
     * The files to compare: those that changed, or all of them when there is nothing to compare
     * with (the first commit; the applied one is gone from the repository) or the rules of which
     * files count have changed.
     */
    private Selection select(Optional<CommitId> applied, CommitId commit, String folder)
            throws IOException {
        ManifestFiles manifests = new ManifestFiles(folder, files.ignoreRules(commit, folder));
        if (applied.isPresent() && files.holds(applied.get())) {
            List<FileChange> changes = files.changes(applied.get(), commit, folder);
            boolean sameRules =
                    changes.stream().noneMatch(c -> c.path().equals(manifests.ignoreFile()));
            boolean folderStays =
                    folder.isEmpty()
                            || changes.stream().allMatch(c -> c.after().isPresent())
                            || files.files(commit, folder).stream().anyMatch(manifests::inFolder);
            if (sameRules && folderStays) {
                return Selection.changed(changes, manifests, decoded);
            }
        }
        List<FileEntry> all =
                files.files(commit, folder).stream().filter(manifests::inFolder).toList();
        return Selection.all(all, manifests, decoded, !folder.isEmpty() && all.isEmpty());
    }

    /**
     * What the changed files declared in the applied commit. A file that cannot be decoded any more
     * is looked up in the inventory instead.
     */
    private Set<ResourceKey> declaredBefore(ClusterState state, Selection selection)
            throws IOException {
        Set<ResourceKey> keys = new TreeSet<>();
        Set<String> unreadable = new TreeSet<>();
        for (FileEntry file : selection.before()) {
            Decoded old = decoded.decode(file);
            old.resources().forEach(d -> keys.add(d.key()));
            if (!old.problems().isEmpty()) {
                unreadable.add(file.path());
            }
        }
        if (!unreadable.isEmpty()) {
            for (ResourceKey key : state.declarationsOf(source)) {
                if (unreadable.contains(state.declared(key).orElseThrow().path())) {
                    keys.add(key);
                }
            }
        }
        return keys;
    }

    private List<DeclaredResource> declaredIn(CommitId commit, String path) {
        try {
            for (FileEntry file : files.files(commit, path)) {
                if (file.path().equals(path)) {
                    return decoded.decode(file).resources();
                }
            }
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was read of the files that are compared. */
    private record Selection(
            Difference.Scope scope,
            List<FileEntry> before,
            List<DeclaredResource> declared,
            List<Problem> problems,
            List<Warning> warnings,
            boolean folderMissing) {

        static Selection changed(
                List<FileChange> changes, ManifestFiles manifests, DecodedFiles decoded)
                throws IOException {
            Set<String> paths = new TreeSet<>();
            List<FileEntry> before = new ArrayList<>();
            List<FileEntry> after = new ArrayList<>();
            for (FileChange change : changes) {
                change.before().filter(manifests::manifest).ifPresent(before::add);
                change.after().filter(manifests::manifest).ifPresent(after::add);
                paths.add(change.path());
            }
            return read(new Difference.Scope(Optional.of(paths)), before, after, decoded, false);
        }

        static Selection all(
                List<FileEntry> files,
                ManifestFiles manifests,
                DecodedFiles decoded,
                boolean folderMissing)
                throws IOException {
            List<FileEntry> after = files.stream().filter(manifests::manifest).toList();
            return read(Difference.Scope.EVERYTHING, List.of(), after, decoded, folderMissing);
        }

        private static Selection read(
                Difference.Scope scope,
                List<FileEntry> before,
                List<FileEntry> after,
                DecodedFiles decoded,
                boolean folderMissing)
                throws IOException {
            List<DeclaredResource> declared = new ArrayList<>();
            List<Problem> problems = new ArrayList<>();
            List<Warning> warnings = new ArrayList<>();
            for (FileEntry file : after) {
                Decoded now = decoded.decode(file);
                declared.addAll(now.resources());
                problems.addAll(now.problems());
                warnings.addAll(now.warnings());
            }
            return new Selection(scope, before, declared, problems, warnings, folderMissing);
        }
    }
}
