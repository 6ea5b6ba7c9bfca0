package dev.shiplog.source.jgit;

import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.source.Author;
import dev.shiplog.source.CommitHistory;
import dev.shiplog.source.Examination;
import dev.shiplog.source.Intake;
import dev.shiplog.source.Pusher;
import dev.shiplog.source.SourceLedger;
import dev.shiplog.source.jgit.ServedRepository.Config;

import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

import java.io.IOException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The history of the branch that a served repository is the truth by. */
final class ServedHistory implements CommitHistory {
    private final Repository repository;
    private final Config config;
    private final Intake intake;
    private final SourceLedger ledger;
    private final CatchUp catchUp;
    private final WriteAhead ahead;
    private final Turns turns;
    private final InstantSource clock;

    ServedHistory(
            Repository repository,
            Config config,
            Intake intake,
            SourceLedger ledger,
            CatchUp catchUp,
            WriteAhead ahead,
            Turns turns,
            InstantSource clock) {
        this.repository = repository;
        this.config = config;
        this.intake = intake;
        this.ledger = ledger;
        this.catchUp = catchUp;
        this.ahead = ahead;
        this.turns = turns;
        this.clock = clock;
    }

    /** The repository with all that was promised in it. */
    private Repository repository() throws IOException {
        ahead.publish();
        return repository;
    }

    @Override
    public Optional<CommitId> head() throws IOException {
        return Branch.head(ahead.tip());
    }

    @Override
    public Optional<CommitId> resolve(String revision) throws IOException {
        try {
            ObjectId id = repository().resolve(revision + "^{commit}");
            return Optional.ofNullable(id).map(found -> new CommitId(found.name()));
        } catch (RevisionSyntaxException
                | AmbiguousObjectException
                | IncorrectObjectTypeException _) {
            return Optional.empty();
        }
    }

    @Override
    public CommitInfo info(CommitId commit) throws IOException {
        return new StoredCommits(repository()).info(commit);
    }

    @Override
    public boolean contains(CommitId later, CommitId earlier) throws IOException {
        try (RevWalk walk = new RevWalk(repository())) {
            return walk.isMergedInto(parsed(walk, earlier), parsed(walk, later));
        }
    }

    @Override
    public boolean sameFiles(CommitId one, CommitId other) throws IOException {
        try (RevWalk walk = new RevWalk(repository())) {
            return parsed(walk, one).getTree().equals(parsed(walk, other).getTree());
        }
    }

    @Override
    public List<CommitId> between(CommitId earlier, CommitId later) throws IOException {
        List<CommitId> commits = new ArrayList<>();
        try (RevWalk walk = new RevWalk(repository())) {
            walk.markStart(parsed(walk, later));
            walk.markUninteresting(parsed(walk, earlier));
            for (RevCommit commit : walk) {
                commits.add(new CommitId(commit.name()));
            }
        }
        return commits;
    }

    @Override
    public CommitId write(CommitId parent, CommitId filesOf, Author author, String message)
            throws IOException {
        PersonIdent person =
                new PersonIdent(author.name(), author.email(), clock.instant(), ZoneOffset.UTC);
        try (RevWalk walk = new RevWalk(repository());
                ObjectInserter inserter = repository.newObjectInserter()) {
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(parsed(walk, filesOf).getTree());
            commit.setParentId(StoredCommits.id(parent));
            commit.setAuthor(person);
            commit.setCommitter(person);
            commit.setMessage(message);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return new CommitId(id.name());
        }
    }

    @Override
    public Examination examine(CommitId commit, Pusher pusher) throws IOException {
        ahead.publish();
        return intake.examine(commit, pusher);
    }

    @Override
    public Landing land(CommitId from, CommitId to, Pusher pusher)
            throws IOException, SourceLedger.NotRecorded {
        try (Turns.Turn _ = turns.take()) {
            ahead.settle();
            catchUp.run();
            return switch (intake.examine(to, pusher)) {
                case Examination.Current _ ->
                        new Landing.Rejected(List.of("this commit is the truth already"));
                case Examination.Objected(var _, var objections) ->
                        new Landing.Rejected(objections);
                case Examination.Ready ready -> land(from, to, pusher, ready);
            };
        }
    }

    private Landing land(CommitId from, CommitId to, Pusher pusher, Examination.Ready ready)
            throws IOException, SourceLedger.NotRecorded {
        ObjectId before = StoredCommits.id(from);
        ObjectId after = StoredCommits.id(to);
        if (!Branch.move(repository, config.branch(), before, after, "by " + pusher.name())) {
            return new Landing.Rejected(
                    List.of("somebody else has pushed to " + config.branch() + "; try again"));
        }
        return switch (ledger.apply(ready.command())) {
            case Outcome.Applied applied ->
                    new Landing.Landed(applied.events().getLast().position(), ready.plan());
            case Outcome.Refused refused -> {
                Branch.takeBack(repository, config.branch(), after, before);
                yield new Landing.Rejected(refused.message().lines().toList());
            }
        };
    }

    private static RevCommit parsed(RevWalk walk, CommitId commit) throws IOException {
        return walk.parseCommit(StoredCommits.id(commit));
    }
}
