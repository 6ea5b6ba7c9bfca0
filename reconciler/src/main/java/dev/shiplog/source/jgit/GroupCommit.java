package dev.shiplog.source.jgit;

import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.CommitId;
import dev.shiplog.source.Adoption;
import dev.shiplog.source.Declarations;
import dev.shiplog.source.Drafting;
import dev.shiplog.source.SourceLedger;
import dev.shiplog.source.WriteMode;
import dev.shiplog.source.jgit.ServedRepository.Config;
import dev.shiplog.state.ClusterState;

import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Writes edits to a served repository: one commit for each, and for all that wait at a time one
 * record on the disk and one wait for the log.
 *
 * <p>Invariants: an edit is looked at on the state that the edits before it leave; one that cannot
 * become the truth leaves nothing behind and does not hold up the others; the log hears of a commit
 * only when it and the branch are durable, see {@link WriteAhead}. If the program dies in between,
 * the next start finds the branch ahead of the log and applies it, as after a push. Writers and
 * pushes take turns.
 */
final class GroupCommit implements Declarations, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /** Edits that wait; more are refused by a failed future. */
    static final int MAX_WAITING = 4_096;

    /** Edits that share one record. */
    static final int MAX_BATCH = 256;

    /** What the objects of one record may take in memory, in bytes; what exceeds it waits. */
    static final long MAX_BATCH_BYTES = 8L << 20;

    private static final long OFFER_SECONDS = 30;
    private static final long CLOSE_SECONDS = 30;

    private final Repository repository;
    private final Config config;
    private final Supplier<ClusterState> state;
    private final SourceLedger ledger;
    private final Drafting drafting;
    private final CatchUp catchUp;
    private final Turns turns;
    private final InstantSource clock;
    private final ObjectDirectory objects;
    private final WriteAhead ahead;
    private final Workbench bench;
    private final WriteMode mode;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread writer;
    private volatile boolean closed;

    private record Waiting(
            Edit edit, Drafting.Prepared prepared, CompletableFuture<Result> result) {}

    /** A commit that is made and can become the truth. */
    private record Made(Waiting waiting, Drafting.Verdict.Ready ready, ObjectId before) {
        CommitId commit() {
            return ready.command().commit();
        }
    }

    GroupCommit(
            Repository repository,
            ObjectDirectory objects,
            Config config,
            Supplier<ClusterState> state,
            SourceLedger ledger,
            Drafting drafting,
            CatchUp catchUp,
            Turns turns,
            InstantSource clock,
            WriteAhead ahead,
            WriteMode mode) {
        this.repository = repository;
        this.config = config;
        this.state = state;
        this.ledger = ledger;
        this.drafting = drafting;
        this.catchUp = catchUp;
        this.turns = turns;
        this.clock = clock;
        this.objects = objects;
        this.ahead = ahead;
        this.bench = new Workbench(repository, ahead.pack());
        this.mode = mode;
        this.writer = Thread.ofPlatform().daemon().name("declarations").start(this::run);
    }

    @Override
    public CompletableFuture<Result> write(Edit edit) {
        Waiting waiting =
                new Waiting(edit, Drafting.prepare(edit, config.path()), new CompletableFuture<>());
        try {
            if (closed || !queue.offer(waiting, OFFER_SECONDS, TimeUnit.SECONDS)) {
                return CompletableFuture.failedFuture(
                        new IOException(
                                closed
                                        ? "the repository is closed"
                                        : "expected a place among "
                                                + MAX_WAITING
                                                + " waiting edits within "
                                                + OFFER_SECONDS
                                                + " s, found none; try again later"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
        }
        return waiting.result();
    }

    private void run() {
        List<Waiting> batch = new ArrayList<>();
        while (!closed) {
            try {
                Waiting first = queue.poll(1, TimeUnit.SECONDS);
                if (first == null) {
                    settle();
                } else {
                    batch.add(first);
                    queue.drainTo(batch, MAX_BATCH - 1);
                    write(batch);
                }
            } catch (InterruptedException _) {
                return;
            } catch (IOException | SourceLedger.NotRecorded | RuntimeException e) {
                LOG.warn(
                        "{} changes could not be committed to {}, and were refused",
                        batch.size(),
                        config.branch(),
                        e);
                ahead.forgetUnpromised();
                bench.forget();
                batch.forEach(waiting -> waiting.result().completeExceptionally(e));
            }
            batch.clear();
        }
    }

    /** Nobody has wanted anything for a second: the time for what needs no hurry. */
    private void settle() throws IOException {
        if (ahead.pending()) {
            try (Turns.Turn _ = turns.take()) {
                ahead.settle();
            }
        }
    }

    private void write(List<Waiting> batch) throws IOException, SourceLedger.NotRecorded {
        List<Waiting> open = batch;
        try (Turns.Turn _ = turns.take()) {
            // A refusal by the log, which is rare, ends a round: what follows is made again on
            // what is the truth then. Each round settles one edit at least.
            while (!open.isEmpty()) {
                open = round(open);
            }
        }
    }

    /** Begins at a tip; what has to be read for it, the repository has then. */
    private void begin(ObjectId tip) throws IOException {
        ahead.makeRoom();
        if (!bench.follows(tip)) {
            ahead.publish();
        }
        bench.begin(tip);
    }

    /** Writes what can be written; the edits that are to be looked at again. */
    private List<Waiting> round(List<Waiting> batch) throws IOException, SourceLedger.NotRecorded {
        return switch (mode) {
            case COMMIT -> committed(batch);
            case BRANCH, DENY -> {
                apart(batch.getFirst());
                yield batch.subList(1, batch.size());
            }
        };
    }

    /** An edit that does not become the truth: what is answered, and perhaps a branch. */
    private void apart(Waiting waiting) throws IOException, SourceLedger.NotRecorded {
        Adoption _ = catchUp.run();
        try (Turns.Turn _ = ahead.hold()) {
            answerApart(waiting);
        }
    }

    private void answerApart(Waiting waiting) throws IOException {
        begin(ahead.tip());
        Workbench.Mark mark = bench.mark();
        ObjectId tip = bench.tip();
        List<Drafting.Draft.Files> drafts = new ArrayList<>();
        List<Made> made = new ArrayList<>();
        List<Waiting> _ = made(List.of(waiting), made, drafts);
        if (made.isEmpty()) {
            return;
        }
        Edit edit = waiting.edit();
        if (mode == WriteMode.BRANCH) {
            String branch = Proposals.branch(edit.pusher(), tip, bench.tree());
            ObjectId proposed = Branch.tip(repository, branch);
            if (proposed.equals(ObjectId.zeroId())) {
                proposed = bench.tip();
                ahead.pack().write(objects);
                if (!Branch.move(repository, branch, ObjectId.zeroId(), proposed, "proposed")) {
                    throw new IOException("expected a new branch " + branch + ", found it taken");
                }
            }
            bench.reset(mark);
            waiting.result().complete(new Result.Proposed(branch, new CommitId(proposed.name())));
        } else {
            bench.reset(mark);
            bench.begin(tip);
            waiting.result()
                    .complete(
                            new Result.Refused(
                                    "this cluster takes no changes of what Git declares (it was"
                                            + " started with --writes=deny). Commit this patch"
                                            + " instead, with git apply:\n\n"
                                            + Patch.of(drafts.getFirst().files(), bench)));
        }
    }

    private List<Waiting> committed(List<Waiting> batch)
            throws IOException, SourceLedger.NotRecorded {
        if (catchUp.run() instanceof Adoption.Held(var objected)) {
            Result held =
                    new Result.Rejected(
                            "Held",
                            List.of(
                                    "the newest commit of "
                                            + config.branch()
                                            + " cannot become the truth: "
                                            + String.join("; ", objected.objections())
                                            + ". Mend it by a push first"));
            batch.forEach(waiting -> waiting.result().complete(held));
            return List.of();
        }
        List<Made> made = new ArrayList<>();
        List<Waiting> left;
        try (Turns.Turn _ = ahead.hold()) {
            ObjectId tip = ahead.tip();
            begin(tip);
            left = made(batch, made, new ArrayList<>());
            if (made.isEmpty()) {
                return left;
            }
            ahead.commit(tip, bench.tip());
        }
        List<Waiting> open = new ArrayList<>(record(made));
        open.addAll(left);
        return open;
    }

    /** Makes the commits of a batch; gives what is left of it for another one. */
    private List<Waiting> made(
            List<Waiting> batch, List<Made> made, List<Drafting.Draft.Files> drafts)
            throws IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        PersonIdent committer = Workbench.committer(now);
        ClusterState at = state.get();
        long before = bench.bytes();
        for (int i = 0; i < batch.size(); i++) {
            if (bench.bytes() - before > MAX_BATCH_BYTES) {
                return batch.subList(i, batch.size());
            }
            Waiting waiting = batch.get(i);
            Workbench.Mark mark = bench.mark();
            Edit edit = waiting.edit();
            switch (drafting.draft(at, bench, edit, waiting.prepared())) {
                case Drafting.Draft.Answered(Result answer) -> waiting.result().complete(answer);
                case Drafting.Draft.Files files -> {
                    CommitId commit =
                            bench.commit(files.files(), edit.author(), edit.message(), committer);
                    switch (drafting.decide(at, files, commit, edit, now)) {
                        case Drafting.Verdict.Rejected(Result.Rejected rejected) -> {
                            bench.reset(mark);
                            waiting.result().complete(rejected);
                        }
                        case Drafting.Verdict.Ready ready when edit.dryRun() -> {
                            bench.reset(mark);
                            waiting.result().complete(new Result.Unchanged());
                        }
                        case Drafting.Verdict.Ready ready -> {
                            drafts.add(files);
                            made.add(new Made(waiting, ready, mark.tip()));
                            at = ready.after();
                        }
                    }
                }
            }
        }
        return List.of();
    }

    /** The branch has moved; now the log, in order. */
    private List<Waiting> record(List<Made> made) throws IOException, SourceLedger.NotRecorded {
        List<Outcome> outcomes =
                ledger.applyAll(made.stream().map(one -> one.ready().command()).toList());
        for (int i = 0; i < made.size(); i++) {
            Made one = made.get(i);
            switch (outcomes.get(i)) {
                case Outcome.Applied applied ->
                        one.waiting()
                                .result()
                                .complete(
                                        new Result.Written(
                                                one.commit(),
                                                applied.events().getLast().position()));
                case Outcome.Refused refused -> {
                    ahead.takeBack(bench.tip(), one.before());
                    bench.forget();
                    one.waiting().result().complete(new Result.Stale(refused.message()));
                    return made.subList(i + 1, made.size()).stream().map(Made::waiting).toList();
                }
            }
        }
        return List.of();
    }

    @Override
    public void close() {
        closed = true;
        try {
            if (!writer.join(Duration.ofSeconds(CLOSE_SECONDS))) {
                writer.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        IOException gone = new IOException("the repository is closed");
        for (Waiting waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
            waiting.result().completeExceptionally(gone);
        }
    }
}
