package dev.shiplog.cli;

import dev.shiplog.audit.Narrative;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.HashChain;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** An event as a line for people: position, time, who, about what, what, and why. */
final class EventLine {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private EventLine() {}

    static String of(Recorded recorded) {
        StringBuilder line =
                new StringBuilder()
                        .append(
                                String.format(
                                        "%7s  %s  %-28s  %s  %s",
                                        recorded.position(),
                                        TIME.format(recorded.time()),
                                        recorded.origin().actor(),
                                        Narrative.subject(recorded.event()),
                                        Narrative.sentence(recorded.event())));
        long cause = HashChain.causePosition(recorded.origin().cause());
        if (cause > 0) {
            line.append("  [because of ").append(cause);
            int further = recorded.origin().further().count();
            if (further > 0) {
                line.append(" and ").append(further).append(" more");
            }
            recorded.origin()
                    .commit()
                    .ifPresent(
                            commit -> line.append(", commit ").append(Narrative.shortId(commit)));
            line.append(']');
        }
        return line.toString();
    }
}
