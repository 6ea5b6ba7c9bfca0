package dev.shiplog.source;

import dev.shiplog.command.Command;
import dev.shiplog.command.SourceCommand.ApplyCommit;
import dev.shiplog.command.SourceCommand.ApplyCommits;
import dev.shiplog.command.SourceCommand.HoldCommit;
import dev.shiplog.command.SourceCommand.RegisterSource;
import dev.shiplog.command.SourceCommand.ReportSourceFailure;
import dev.shiplog.command.SourceCommand.ReportSourceRecovery;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.SourceEvent.CommitApplied;
import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.SourceName;
import dev.shiplog.state.SourceState;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One source's side of the ledger: submits its commands and waits until they are durable. A command
 * that says what is known already is refused as unchanged; that is no error here.
 */
public final class SourceLedger {
    /** How long a command may take to become durable. */
    static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(60);

    /** Lines of an objection that are recorded; the rest are counted. */
    private static final int MAX_RECORDED_OBJECTIONS = 20;

    private final SourceName source;
    private final Ledger ledger;

    public SourceLedger(SourceName source, Ledger ledger) {
        this.source = source;
        this.ledger = ledger;
    }

    /** Where the source stands now; empty until it is registered. */
    public Optional<SourceState> state() {
        return ledger.state().source(source);
    }

    /** The commit that is the truth now. */
    public Optional<CommitId> applied() {
        return state().flatMap(SourceState::applied).map(SourceState.Applied::commit);
    }

    /**
     * Registers the source.
     *
     * @param url without credentials
     */
    public void register(String url, String branch, String path, boolean served)
            throws NotRecorded {
        boolean registered =
                state().filter(s ->
                                s.url().equals(url)
                                        && s.branch().equals(branch)
                                        && s.path().equals(path)
                                        && s.served() == served)
                        .isPresent();
        if (registered) {
            return;
        }
        submit(
                new RegisterSource(source, url, branch, path, served),
                GitActors.watcher("source:" + source, Optional.empty()));
    }

    /** Makes a commit the truth, in its author's name. */
    public Outcome apply(ApplyCommit command) throws NotRecorded {
        return submit(command, GitActors.author(command.commit(), command.info()));
    }

    /**
     * Makes commits the truth, one after the other, with one wait for the disk.
     *
     * @return one outcome for each commit up to the first that is refused
     */
    public List<Outcome> applyAll(List<ApplyCommit> commits) throws NotRecorded {
        List<Outcome> outcomes = new ArrayList<>();
        if (commits.size() == 1) {
            outcomes.add(apply(commits.getFirst()));
            return outcomes;
        }
        while (outcomes.size() < commits.size()) {
            List<ApplyCommit> rest = commits.subList(outcomes.size(), commits.size());
            switch (submit(
                    new ApplyCommits(source, rest),
                    GitActors.watcher("commits:" + source, Optional.empty()))) {
                case Outcome.Applied(var events) -> outcomes.addAll(split(events));
                case Outcome.Refused refused -> {
                    outcomes.add(refused);
                    return outcomes;
                }
            }
        }
        return outcomes;
    }

    /** The events of each commit: a commit's first one is that it was applied. */
    private static List<Outcome> split(List<Recorded> events) {
        List<Outcome> outcomes = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= events.size(); i++) {
            if (i == events.size() || events.get(i).event() instanceof CommitApplied) {
                outcomes.add(new Outcome.Applied(events.subList(start, i)));
                start = i;
            }
        }
        return outcomes;
    }

    /** Records why a commit is not the truth. */
    public void hold(CommitId commit, Examination.Objected objected) throws NotRecorded {
        String message =
                String.join("\n", Plan.atMost(MAX_RECORDED_OBJECTIONS, objected.objections()));
        submit(
                new HoldCommit(source, commit, objected.reason(), message),
                GitActors.watcher("commit:" + commit, Optional.of(commit)));
    }

    /** Records that the source cannot be read. */
    public void failed(String reason, String message) throws NotRecorded {
        submit(
                new ReportSourceFailure(source, reason, message),
                GitActors.watcher("source:" + source, Optional.empty()));
    }

    /** Records that the source can be read again, if it could not. */
    public void recovered() throws NotRecorded {
        if (state().flatMap(SourceState::failure).isPresent()) {
            submit(
                    new ReportSourceRecovery(source),
                    GitActors.watcher("source:" + source, Optional.empty()));
        }
    }

    private Outcome submit(Command command, Origin origin) throws NotRecorded {
        CompletableFuture<Outcome> outcome = ledger.submit(command, origin);
        try {
            return outcome.get(SUBMIT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable why = e.getCause();
            throw new NotRecorded(
                    "the log did not take it: "
                            + (why instanceof JournalFailure ? why.getMessage() : why),
                    e);
        } catch (TimeoutException e) {
            throw new NotRecorded("the log did not answer within " + SUBMIT_TIMEOUT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotRecorded("interrupted while waiting for the log", e);
        }
    }

    /**
     * It is unknown whether a command was recorded: what was read is to be read and tried again.
     */
    public static final class NotRecorded extends Exception {
        public NotRecorded(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
