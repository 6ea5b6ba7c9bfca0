package dev.shiplog.decide;

import dev.shiplog.command.AccessCommand;
import dev.shiplog.event.AccessEvent;

/** What is recorded about access: whatever the server says, because it has happened already. */
final class AccessDecisions {
    private AccessDecisions() {}

    static Decision decide(AccessCommand command) {
        Proposal proposal = new Proposal();
        proposal.add(
                switch (command) {
                    case AccessCommand.RecordRefusal c ->
                            new AccessEvent.AccessRefused(
                                    c.who(), c.from(), c.verb(), c.what(), c.why(), c.times());
                    case AccessCommand.OpenSession c ->
                            new AccessEvent.SessionOpened(
                                    c.who(),
                                    c.from(),
                                    c.session(),
                                    c.kind(),
                                    c.pod(),
                                    c.uid(),
                                    c.container(),
                                    c.command());
                    case AccessCommand.CloseSession c ->
                            new AccessEvent.SessionClosed(
                                    c.who(), c.session(), c.pod(), c.uid(), c.outcome());
                });
        return proposal.orUnchanged("unreachable: what happened is always an event");
    }
}
