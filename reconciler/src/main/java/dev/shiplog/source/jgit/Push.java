package dev.shiplog.source.jgit;

import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.CommitId;
import dev.shiplog.source.Examination;
import dev.shiplog.source.Intake;
import dev.shiplog.source.Plan;
import dev.shiplog.source.Pusher;
import dev.shiplog.source.SourceLedger;
import dev.shiplog.source.jgit.ServedRepository.Config;

import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TooLargePackException;
import org.eclipse.jgit.lib.BatchRefUpdate;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.PreReceiveHook;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.UnpackErrorHandler;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One push, after its objects have arrived and before any reference moves: check, move the
 * references, make the commit the truth, and say all of it to whoever pushes.
 */
final class Push implements PreReceiveHook, AutoCloseable {
    private final Repository repository;
    private final Quarantine quarantine;
    private final Config config;
    private final Intake intake;
    private final SourceLedger ledger;
    private final CatchUp catchUp;
    private final WriteAhead ahead;
    private final Turns turns;
    private final Pusher pusher;
    private Optional<Turns.Turn> turn = Optional.empty();

    Push(
            Repository repository,
            Quarantine quarantine,
            Config config,
            Intake intake,
            SourceLedger ledger,
            CatchUp catchUp,
            WriteAhead ahead,
            Turns turns,
            Pusher pusher) {
        this.repository = repository;
        this.quarantine = quarantine;
        this.config = config;
        this.intake = intake;
        this.ledger = ledger;
        this.catchUp = catchUp;
        this.ahead = ahead;
        this.turns = turns;
        this.pusher = pusher;
    }

    @Override
    public void onPreReceive(ReceivePack receive, Collection<ReceiveCommand> commands) {
        Talk talk = new Talk(receive);
        try {
            turn = Optional.of(turns.take());
            ahead.settle();
            tellLosers(receive.getAllCommands());
            noteOptions(receive, talk);
            receive(receive, new ArrayList<>(commands), talk);
        } catch (IOException e) {
            talk.say("the repository could not be read or written: " + e.getMessage());
            rejectAll(commands, "internal error, nothing changed");
        } catch (SourceLedger.NotRecorded e) {
            talk.say("the log could not be written: " + e.getMessage());
            rejectAll(commands, "internal error");
        }
    }

    /** Options are taken so that whoever sends some to every server can push to this one too. */
    private static void noteOptions(ReceivePack receive, Talk talk) {
        List<String> options = receive.getPushOptions();
        if (options != null && !options.isEmpty()) {
            talk.say("push options mean nothing here, and change nothing");
        }
    }

    /** Tells why the objects of a push were not taken: then no hook is ever called. */
    static UnpackErrorHandler tellingWhy(ReceivePack receive) {
        UnpackErrorHandler report = receive.getUnpackErrorHandler();
        return fault -> {
            if (fault instanceof TooLargeObjectInPackException
                    || fault instanceof TooLargePackException) {
                Talk talk = new Talk(receive);
                talk.say("refused: " + fault.getMessage());
                talk.say(
                        "expected files of at most "
                                + GitLimits.MAX_OBJECT_BYTES
                                + " bytes and a push of at most "
                                + GitLimits.MAX_PACK_BYTES
                                + " bytes. Take the file out of every commit that is not pushed yet"
                                + " (git rebase -i); nothing changed");
            }
            report.handleUnpackException(fault);
        };
    }

    /**
     * Says what to do where JGit only says that the branch is not where it was: somebody else's
     * push came between the client's look at the branches and its own.
     */
    private void tellLosers(List<ReceiveCommand> commands) throws IOException {
        for (ReceiveCommand command : commands) {
            if (rejected(command)) {
                Ref now = repository.exactRef(command.getRefName());
                ObjectId tip =
                        now == null || now.getObjectId() == null
                                ? ObjectId.zeroId()
                                : now.getObjectId();
                if (!tip.equals(command.getOldId())) {
                    reject(command, fetchFirst(Repository.shortenRefName(command.getRefName())));
                }
            }
        }
    }

    private static String fetchFirst(String branch) {
        return "fetch first: somebody else has pushed to " + branch;
    }

    private void receive(ReceivePack receive, List<ReceiveCommand> commands, Talk talk)
            throws IOException, SourceLedger.NotRecorded {
        Optional<ReceiveCommand> truth =
                commands.stream().filter(c -> c.getRefName().equals(branch())).findFirst();
        if (truth.isPresent()) {
            catchUp.run();
        }
        Optional<Examination> examined = Optional.empty();
        for (ReceiveCommand command : commands) {
            if (command.getRefName().equals(branch())) {
                examined = examined(command, talk);
            } else {
                elsewhere(command, talk);
            }
        }
        boolean exposing = false;
        for (ReceiveCommand command : commands) {
            exposing |= keepSecrets(command, talk);
        }
        if (exposing) {
            // The objects of a push come in one pack: it is taken whole or not at all.
            ReceiveCommand.abort(commands);
            return;
        }
        if (receive.isAtomic() && commands.stream().anyMatch(Push::rejected)) {
            ReceiveCommand.abort(commands);
            return;
        }
        move(receive, commands);
        if (truth.isPresent() && truth.get().getResult() == ReceiveCommand.Result.OK) {
            if (examined.orElseThrow() instanceof Examination.Ready ready) {
                apply(ready, truth.get(), talk);
            } else {
                talk.say("this commit is the truth already");
            }
        }
    }

    /** Rejects what lets everybody read a Secret; whether it does. */
    private boolean keepSecrets(ReceiveCommand command, Talk talk) throws IOException {
        if (rejected(command) || command.getType() == ReceiveCommand.Type.DELETE) {
            return false;
        }
        List<String> exposed =
                new PushedSecrets(quarantine.repository(), intake).objections(command.getNewId());
        if (!exposed.isEmpty()) {
            Plan.atMost(GitLimits.MAX_OBJECTIONS, exposed).forEach(talk::say);
            talk.say("nothing changed");
            reject(command, "PlainSecret: a commit shows a Secret's value");
        }
        return !exposed.isEmpty();
    }

    private String branch() {
        return Constants.R_HEADS + config.branch();
    }

    /** A branch that is not the truth, or a tag: free to all, and without effect. */
    private void elsewhere(ReceiveCommand command, Talk talk) {
        String name = command.getRefName();
        if (name.startsWith(Constants.R_HEADS)) {
            if (command.getType() == ReceiveCommand.Type.DELETE) {
                return;
            }
            talk.say(
                    name.substring(Constants.R_HEADS.length())
                            + " is not the branch that the cluster follows ("
                            + config.branch()
                            + "): nothing but Secrets is checked, and nothing changes");
        } else if (!name.startsWith(Constants.R_TAGS) && !name.startsWith(Constants.R_NOTES)) {
            reject(
                    command,
                    "expected a reference under refs/heads/, refs/tags/ or refs/notes/, found "
                            + name);
        }
    }

    /** Rejects the command, or says what the commit would do. */
    private Optional<Examination> examined(ReceiveCommand command, Talk talk) throws IOException {
        Optional<String> objection = objection(command);
        if (objection.isPresent()) {
            reject(command, objection.get());
            return Optional.empty();
        }
        RevCommit commit;
        int commits;
        try (RevWalk walk = new RevWalk(quarantine.repository())) {
            commit = walk.parseCommit(command.getNewId());
            commits = commits(walk, command);
        }
        Examination examination = intake.examine(new CommitId(commit.name()), pusher);
        switch (examination) {
            case Examination.Current _ -> {}
            case Examination.Objected(var reason, var objections) -> {
                Plan.atMost(GitLimits.MAX_OBJECTIONS, objections).forEach(talk::say);
                talk.say("nothing changed");
                reject(command, summary(reason, objections.size()));
            }
            case Examination.Ready ready -> {
                if (commits > 1) {
                    talk.say(commits + " commits, applied in one step as the last one has it");
                }
                ready.warnings().forEach(warning -> talk.say("warning: " + warning));
                ready.plan().shown(GitLimits.MAX_PLAN_LINES).forEach(talk::say);
            }
        }
        return Optional.of(examination);
    }

    private static String summary(String reason, int objections) {
        return reason + ": " + objections + (objections == 1 ? " problem" : " problems");
    }

    /** What forbids moving the branch so, whatever the commit contains. */
    private Optional<String> objection(ReceiveCommand command) throws IOException {
        ObjectId now = Branch.tip(repository, config.branch());
        if (!now.equals(command.getOldId())) {
            return Optional.of(fetchFirst(config.branch()));
        }
        return switch (command.getType()) {
            case DELETE ->
                    Optional.of(
                            config.branch()
                                    + " is what the cluster runs, it cannot be deleted; to remove objects,"
                                    + " delete their files in a commit");
            case UPDATE_NONFASTFORWARD ->
                    Optional.of(
                            config.branch()
                                    + " keeps its history: no forced push; commit a revert instead (git"
                                    + " revert, or shiplog rollback --to <commit>)");
            case CREATE, UPDATE -> Optional.empty();
        };
    }

    /** How many commits a push brings; 1 for the first push, whose history is nobody's yet. */
    private static int commits(RevWalk walk, ReceiveCommand command) throws IOException {
        if (command.getOldId().equals(ObjectId.zeroId())) {
            return 1;
        }
        walk.markStart(walk.parseCommit(command.getNewId()));
        walk.markUninteresting(walk.parseCommit(command.getOldId()));
        int commits = 0;
        for (RevCommit _ : walk) {
            commits++;
        }
        return commits;
    }

    private void move(ReceivePack receive, List<ReceiveCommand> commands) throws IOException {
        if (commands.stream().allMatch(Push::rejected)) {
            return;
        }
        quarantine.release();
        // JGit makes the pack durable, not its name.
        Durable.folder(BareRepository.objects(repository).getPackDirectory().toPath());
        BatchRefUpdate update = repository.getRefDatabase().newBatchUpdate();
        update.setAllowNonFastForwards(true);
        update.setAtomic(receive.isAtomic());
        update.setRefLogIdent(receive.getRefLogIdent());
        update.setRefLogMessage("push by " + pusher.name(), true);
        update.addCommand(
                commands.stream()
                        .filter(c -> c.getResult() == ReceiveCommand.Result.NOT_ATTEMPTED)
                        .toList());
        update.execute(receive.getRevWalk(), NullProgressMonitor.INSTANCE);
        Branch.durable(repository, config.branch());
    }

    /** The references have moved; now the ledger. */
    private void apply(Examination.Ready ready, ReceiveCommand command, Talk talk)
            throws IOException {
        try {
            switch (ledger.apply(ready.command())) {
                case Outcome.Applied applied ->
                        talk.say("applied at position " + applied.events().getLast().position());
                case Outcome.Refused refused -> {
                    Branch.takeBack(
                            repository, config.branch(), command.getNewId(), command.getOldId());
                    refused.message().lines().forEach(talk::say);
                    talk.say("nothing changed");
                    reject(command, "the cluster changed in the meantime, push again");
                }
            }
        } catch (SourceLedger.NotRecorded e) {
            talk.say("the commit is stored, but it is not known to be applied: " + e.getMessage());
            talk.say("It is applied with the next push, or when the control plane starts again");
            reject(command, "stored, not applied");
        }
    }

    private static boolean rejected(ReceiveCommand command) {
        return command.getResult() != ReceiveCommand.Result.NOT_ATTEMPTED
                && command.getResult() != ReceiveCommand.Result.OK;
    }

    private static void rejectAll(Collection<ReceiveCommand> commands, String message) {
        commands.stream()
                .filter(c -> c.getResult() == ReceiveCommand.Result.NOT_ATTEMPTED)
                .forEach(c -> reject(c, message));
    }

    private static void reject(ReceiveCommand command, String message) {
        command.setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, message);
    }

    @Override
    public void close() {
        turn.ifPresent(Turns.Turn::close);
    }
}
