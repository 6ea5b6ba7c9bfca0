package dev.shiplog.command;

import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SessionKind;
import dev.shiplog.resource.Uid;

import java.util.List;

/** What the API server records about those who ask it. */
public sealed interface AccessCommand extends Command {
    /** The user name. */
    String who();

    /**
     * Record that something was refused, so many times.
     *
     * @param from the address that asked, without the port
     * @param verb as in RBAC
     * @param what a resource or a path
     * @param why the reason that was given
     */
    record RecordRefusal(String who, String from, String verb, String what, String why, long times)
            implements AccessCommand {
        public RecordRefusal {
            if (times < 1) {
                throw new IllegalArgumentException(
                        "expected a refusal to have happened, found " + times + " times");
            }
        }
    }

    /**
     * Record that somebody reaches into a pod.
     *
     * @param session tells it from every other
     * @param command what is run; for a port-forward, the ports
     */
    record OpenSession(
            String who,
            String from,
            String session,
            SessionKind kind,
            ResourceKey pod,
            Uid uid,
            String container,
            List<String> command)
            implements AccessCommand {
        public OpenSession {
            command = List.copyOf(command);
        }
    }

    /** Record that a session is over. */
    record CloseSession(String who, String session, ResourceKey pod, Uid uid, String outcome)
            implements AccessCommand {}
}
