package dev.shiplog.node.link.wire;

import dev.shiplog.resource.JsonMembers;
import dev.shiplog.resource.JsonWriter;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.util.List;
import java.util.SortedMap;

/**
 * A session that somebody wants with a pod, or a measurement.
 *
 * @param id what the node calls back with
 * @param kind what shall be done
 * @param container empty where all are meant
 * @param command of {@link Kind#EXEC}
 * @param options what else the kind needs: {@code stdin}, {@code stderr}, {@code tty} with the
 *     value {@code true}; {@code port}; of logs {@code follow}, {@code previous}, {@code tail},
 *     {@code since}, {@code timestamps}, {@code limit}
 */
public record SessionRequest(
        String id,
        Kind kind,
        ResourceKey pod,
        Uid uid,
        String container,
        List<String> command,
        SortedMap<String, String> options) {
    public SessionRequest {
        command = List.copyOf(command);
    }

    /** What there is to do with a pod. */
    public enum Kind {
        EXEC,
        ATTACH,
        CONNECT,
        USAGE,
        /** What the node's whole machine uses; the pod is the Node then. */
        MACHINE,
        LOGS
    }

    /** Whether an option is on. */
    public boolean is(String option) {
        return "true".equals(options.get(option));
    }

    void write(JsonWriter out) {
        out.texts("command", command)
                .text("container", container)
                .text("id", id)
                .text("kind", kind.name())
                .texts("options", options)
                .text("pod", pod.toString())
                .text("uid", uid.value());
    }

    static SessionRequest read(JsonMembers in) {
        return new SessionRequest(
                in.text("id"),
                Kind.valueOf(in.text("kind")),
                ResourceKey.parse(in.text("pod")),
                new Uid(in.text("uid")),
                in.text("container"),
                in.texts("command"),
                in.textMap("options"));
    }
}
