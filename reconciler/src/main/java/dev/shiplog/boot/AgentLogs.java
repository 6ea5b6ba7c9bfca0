package dev.shiplog.boot;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.LogQuery;
import dev.shiplog.api.PodLogs;
import dev.shiplog.api.Status;
import dev.shiplog.node.agent.LogsUnavailable;
import dev.shiplog.node.agent.NodeAgent;
import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.resource.Resource;

import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalInt;

/** The logs of the pods of this process's node, for the API server. */
final class AgentLogs implements PodLogs {
    private volatile Optional<NodeAgent> node = Optional.empty();

    /** Says whose logs these are; until then there are none. */
    void of(NodeAgent agent) {
        node = Optional.of(agent);
    }

    @Override
    public void write(
            Resource pod, String container, boolean previous, LogQuery query, OutputStream out) {
        LogOptions options =
                new LogOptions(
                        query.follow(),
                        query.tailLines().isPresent()
                                ? OptionalInt.of(
                                        (int)
                                                Math.min(
                                                        Integer.MAX_VALUE,
                                                        query.tailLines().getAsLong()))
                                : OptionalInt.empty(),
                        query.since(),
                        query.timestamps(),
                        query.limitBytes());
        NodeAgent agent =
                node.orElseThrow(() ->
                        new ApiFailure(
                                Status.of(
                                        503, "ServiceUnavailable", "the node is still starting")));
        try {
            agent.logs(pod.key(), pod.uid(), container, previous, options, out);
        } catch (LogsUnavailable | RuntimeFailure failure) {
            throw new ApiFailure(Status.badRequest(String.valueOf(failure.getMessage())), failure);
        }
    }
}
