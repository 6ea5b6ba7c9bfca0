package dev.shiplog.event;

import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SessionKind;
import dev.shiplog.resource.Uid;

import java.util.List;

/** What people asked of the API that an auditor wants to know of. Changes nothing. */
public sealed interface AccessEvent extends Event {
    /** The user name; {@code system:anonymous} for those who did not say or prove who they are. */
    String who();

    /**
     * Something was refused. The same refusal, asked for again soon after, is counted and not
     * recorded anew.
     *
     * @param from the address that asked, without the port
     * @param verb as in RBAC, such as {@code get}
     * @param what what it was asked of: a resource as in {@code pods/log}, or a path
     * @param why the reason that was given
     * @param times how often, one or more
     */
    record AccessRefused(String who, String from, String verb, String what, String why, long times)
            implements AccessEvent {}

    /**
     * Somebody reached into a pod.
     *
     * @param session tells it from every other
     * @param kind what for
     * @param container empty for a port-forward
     * @param command what is run; for a port-forward, the ports
     */
    record SessionOpened(
            String who,
            String from,
            String session,
            SessionKind kind,
            ResourceKey pod,
            Uid uid,
            String container,
            List<String> command)
            implements AccessEvent {
        public SessionOpened {
            command = List.copyOf(command);
        }
    }

    /**
     * That is over.
     *
     * @param outcome such as {@code exit code 0}
     */
    record SessionClosed(String who, String session, ResourceKey pod, Uid uid, String outcome)
            implements AccessEvent {}
}
