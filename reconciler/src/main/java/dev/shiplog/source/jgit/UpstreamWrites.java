package dev.shiplog.source.jgit;

import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Position;
import dev.shiplog.source.Adoption;
import dev.shiplog.source.Credentials;
import dev.shiplog.source.Declarations.Edit;
import dev.shiplog.source.Declarations.Result;
import dev.shiplog.source.Drafting;
import dev.shiplog.source.SourceLedger;
import dev.shiplog.source.WriteMode;
import dev.shiplog.state.ClusterState;

import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Writes an edit to a repository that is elsewhere: a commit in the mirror, pushed without force,
 * then applied as a poll would. Whoever was quicker there is fetched, and the edit made again.
 *
 * <p>Invariant: the log hears of a commit only after the repository elsewhere has it.
 */
final class UpstreamWrites {
    /** How often an edit is made again because others were quicker. */
    static final int MAX_ATTEMPTS = 5;

    private final RemoteAccess remote;
    private final Credentials credentials;
    private final String branch;
    private final Drafting drafting;
    private final Supplier<ClusterState> state;
    private final Looking looking;

    /** Fetches what is new upstream and makes it the truth. */
    interface Looking {
        Adoption adopt(String because) throws IOException, SourceLedger.NotRecorded;
    }

    /** What the other side says to a push. */
    private sealed interface Answer {
        record Taken() implements Answer {}

        /**
         * @param there where the branch stood; nothing if it came while it was pushed to
         */
        record Moved(Optional<CommitId> there) implements Answer {}

        record Refused(String why) implements Answer {}
    }

    UpstreamWrites(
            RemoteAccess remote,
            Credentials credentials,
            String branch,
            Drafting drafting,
            Supplier<ClusterState> state,
            Looking looking) {
        this.remote = remote;
        this.credentials = credentials;
        this.branch = branch;
        this.drafting = drafting;
        this.state = state;
        this.looking = looking;
    }

    Result write(Edit edit, WriteMode mode, Supplier<Repository> mirror, Instant now)
            throws IOException, SourceLedger.NotRecorded {
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            if (looking.adopt("poll") instanceof Adoption.Held(var objected)) {
                return new Result.Rejected(
                        "Held",
                        List.of(
                                "the newest commit of "
                                        + branch
                                        + " of "
                                        + remote.url()
                                        + " cannot become the truth: "
                                        + String.join("; ", objected.objections())
                                        + ". Mend it by a push there first"));
            }
            // A mirror that could not be read was thrown away by looking: ask for it afterwards.
            Repository repository = mirror.get();
            ObjectId tip = Branch.tip(repository, branch);
            CommitPack pack = new CommitPack();
            Workbench bench = new Workbench(repository, pack);
            bench.begin(tip);
            switch (drafting.draft(state.get(), bench, edit)) {
                case Drafting.Draft.Answered(Result answer) -> {
                    return answer;
                }
                case Drafting.Draft.Files files -> {
                    Workbench.Mark mark = bench.mark();
                    CommitId commit = commit(bench, files, edit, now);
                    Drafting.Verdict verdict =
                            drafting.decide(state.get(), files, commit, edit, now);
                    if (verdict instanceof Drafting.Verdict.Rejected(Result.Rejected rejected)) {
                        return rejected;
                    }
                    if (edit.dryRun()) {
                        return new Result.Unchanged();
                    }
                    if (mode == WriteMode.DENY || cannotSignIn()) {
                        bench.reset(mark);
                        return refused(reason(mode), files, bench);
                    }
                    pack.write(BareRepository.objects(repository));
                    String target =
                            mode == WriteMode.BRANCH
                                    ? Proposals.branch(edit.pusher(), tip, bench.tree())
                                    : branch;
                    switch (push(
                            repository,
                            commit,
                            target,
                            mode == WriteMode.BRANCH ? ObjectId.zeroId() : tip)) {
                        case Answer.Taken _ -> {
                            return mode == WriteMode.BRANCH
                                    ? new Result.Proposed(target, commit)
                                    : applied(repository, commit, tip, edit);
                        }
                        case Answer.Moved(var there)
                                when mode == WriteMode.BRANCH && there.isPresent() -> {
                            return new Result.Proposed(target, there.get());
                        }
                        case Answer.Moved _ -> bench.forget();
                        case Answer.Refused(String why) -> {
                            bench.begin(tip);
                            return refused(
                                    remote.url() + " does not take the commit: " + why,
                                    files,
                                    bench);
                        }
                    }
                }
            }
        }
        return new Result.Stale(
                "others were quicker to push to "
                        + remote.url()
                        + " "
                        + MAX_ATTEMPTS
                        + " times; try again");
    }

    private static CommitId commit(
            Workbench bench, Drafting.Draft.Files files, Edit edit, Instant now)
            throws IOException {
        return bench.commit(
                files.files(),
                edit.author(),
                edit.message(),
                Workbench.committer(now.truncatedTo(ChronoUnit.SECONDS)));
    }

    /** A web server takes no push from nobody; a folder may. */
    private boolean cannotSignIn() {
        return credentials instanceof Credentials.None && remote.url().startsWith("http");
    }

    private String reason(WriteMode mode) {
        return mode == WriteMode.DENY
                ? "this cluster takes no changes of what Git declares (it was started with"
                        + " --writes=deny)"
                : "this cluster follows "
                        + remote.url()
                        + " and has no credentials to push there (--token-file, --ssh-key)";
    }

    private Result refused(String why, Drafting.Draft.Files files, Workbench before)
            throws IOException {
        return new Result.Refused(
                why
                        + ". Commit this patch there instead, with git apply:\n\n"
                        + Patch.of(files.files(), before));
    }

    private Answer push(Repository repository, CommitId commit, String target, ObjectId expected)
            throws IOException {
        String ref = Constants.R_HEADS + target;
        RemoteRefUpdate update =
                new RemoteRefUpdate(
                        repository,
                        commit.value(),
                        StoredCommits.id(commit),
                        ref,
                        false,
                        null,
                        expected);
        try (Transport transport = remote.open(repository)) {
            PushResult result = transport.push(NullProgressMonitor.INSTANCE, List.of(update));
            Optional<CommitId> there =
                    Optional.ofNullable(result.getAdvertisedRef(ref))
                            .map(found -> new CommitId(found.getObjectId().name()));
            return answer(result.getRemoteUpdate(ref), result.getMessages(), there);
        } catch (TransportException e) {
            return new Answer.Refused(String.valueOf(RemoteFailure.of(e).getMessage()));
        }
    }

    private static Answer answer(RemoteRefUpdate update, String said, Optional<CommitId> there) {
        return switch (update.getStatus()) {
            case OK, UP_TO_DATE -> new Answer.Taken();
            case REJECTED_NONFASTFORWARD, REJECTED_REMOTE_CHANGED -> new Answer.Moved(there);
            case REJECTED_NODELETE,
                    REJECTED_OTHER_REASON,
                    NON_EXISTING,
                    NOT_ATTEMPTED,
                    AWAITING_REPORT ->
                    moved(String.valueOf(update.getMessage()))
                            ? new Answer.Moved(there)
                            : new Answer.Refused((update.getMessage() + " " + said).strip());
        };
    }

    /** What servers say to a push that another one has overtaken. */
    private static boolean moved(String message) {
        return message.contains("fetch first")
                || message.contains("failed to update ref")
                || message.contains("cannot lock ref");
    }

    private Result applied(Repository repository, CommitId commit, ObjectId tip, Edit edit)
            throws IOException, SourceLedger.NotRecorded {
        ObjectId id = StoredCommits.id(commit);
        boolean _ = Branch.move(repository, branch, tip, id, "pushed");
        return switch (looking.adopt(edit.pusher().name())) {
            case Adoption.Held(var objected) ->
                    new Result.Rejected(objected.reason(), objected.objections());
            case Adoption.Applied(Position position) -> new Result.Written(commit, position);
            case Adoption.Current _ -> new Result.Written(commit, state.get().position());
        };
    }
}
