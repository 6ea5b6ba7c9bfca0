package dev.shiplog.node.report;

import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.resource.Position;

import java.util.List;

/** Takes what pods have to report. Never blocks on the control plane, and loses no state. */
public interface PodReports {
    /** Takes a pod's newest status, the orders it answers, and what people should know. */
    void report(PodReport report, List<Position> orders, List<Note> notes);

    /** Takes answered orders and notes without a new status. */
    void tell(List<Position> orders, List<Note> notes);
}
