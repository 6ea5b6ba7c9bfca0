package dev.shiplog.decide;

import dev.shiplog.command.AccessCommand;
import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.journal.Tag;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The rules of the cluster: a pure function from a state and a command to a decision.
 *
 * <p>Invariant: an accepted decision's events can be folded into the state it was made on, and
 * making the same decision on the state after them is refused.
 */
public final class Decider {
    private Decider() {}

    /**
     * Decides.
     *
     * @param now the time of the decision; what deadlines are counted from
     */
    public static Decision decide(ClusterState state, Command command, Instant now, Ids ids) {
        return switch (command) {
            case SourceCommand c -> SourceDecisions.decide(state, c, now, ids);
            case ResourceCommand c -> ResourceDecisions.decide(state, c, now, ids);
            case SchedulerCommand c -> SchedulerDecisions.decide(state, c, now);
            case NodeCommand c -> NodeDecisions.decide(state, c, ids);
            case AccessCommand c -> AccessDecisions.decide(c);
        };
    }

    /**
     * What a command's decision rests on: if an event with one of these tags is newer than the
     * state it was decided on, it must be decided again. Commands that share none run side by side.
     */
    public static List<Tag> boundary(Command command) {
        return Boundaries.of(command);
    }

    /**
     * Those tags of the boundary that others may share while this is decided and written: the
     * namespaces in which nothing counts what is new. To be asked again when its turn has come; it
     * holds for as long as nobody is alone with the tag.
     */
    public static Set<Tag> shared(ClusterState state, Command command) {
        return Boundaries.shared(state, command);
    }
}
