package dev.shiplog.event;

import dev.shiplog.resource.JsonMembers;
import dev.shiplog.resource.JsonWriter;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;

/** The shape of an order to a node, in events and in snapshots. */
public final class WorkCodec {
    private WorkCodec() {}

    /** Writes the members of an order into an object that was begun. */
    public static void write(Work work, JsonWriter out) {
        switch (work) {
            case Work.RunPod run ->
                    out.text("pod", run.pod().toString())
                            .text("type", "RunPod")
                            .text("uid", run.uid().value());
            case Work.RevisePod revise ->
                    out.number("generation", revise.generation())
                            .text("pod", revise.pod().toString())
                            .text("type", "RevisePod")
                            .text("uid", revise.uid().value());
            case Work.StopPod stop ->
                    out.number("graceSeconds", stop.graceSeconds())
                            .text("pod", stop.pod().toString())
                            .text("type", "StopPod")
                            .text("uid", stop.uid().value());
        }
    }

    /** Reads them back. */
    public static Work read(JsonMembers in) {
        ResourceKey pod = ResourceKey.parse(in.text("pod"));
        Uid uid = new Uid(in.text("uid"));
        String type = in.text("type");
        return switch (type) {
            case "RunPod" -> new Work.RunPod(pod, uid);
            case "RevisePod" -> new Work.RevisePod(pod, uid, in.number("generation"));
            case "StopPod" -> new Work.StopPod(pod, uid, in.number("graceSeconds"));
            default ->
                    throw new IllegalArgumentException(
                            "expected RunPod, RevisePod or StopPod, found " + type);
        };
    }
}
