package dev.shiplog.boot;

import dev.shiplog.api.LogQuery;
import dev.shiplog.api.PodLogs;
import dev.shiplog.api.PodSessions;
import dev.shiplog.link.remote.RemoteSessions;
import dev.shiplog.resource.Resource;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** Sessions with pods, wherever they are: on this process's node, or on one that joined. */
final class SessionsByNode implements PodSessions, PodLogs {
    private final String here;
    private final PodSessions own;
    private final PodLogs ownLogs;
    private final RemoteSessions others;

    /**
     * @param here the name of this process's node
     */
    SessionsByNode(String here, PodSessions own, PodLogs ownLogs, RemoteSessions others) {
        this.here = here;
        this.own = own;
        this.ownLogs = ownLogs;
        this.others = others;
    }

    private boolean elsewhere(Resource pod) {
        String node = pod.body().toNode().path("spec").path("nodeName").asText();
        return !node.isEmpty() && !node.equals(here);
    }

    private PodSessions sessions(Resource pod) {
        return elsewhere(pod) ? others : own;
    }

    @Override
    public int exec(Resource pod, String container, List<String> command, Terminal terminal)
            throws IOException, InterruptedException {
        return sessions(pod).exec(pod, container, command, terminal);
    }

    @Override
    public int attach(Resource pod, String container, Terminal terminal)
            throws IOException, InterruptedException {
        return sessions(pod).attach(pod, container, terminal);
    }

    @Override
    public Connection connect(Resource pod, int port) throws IOException, InterruptedException {
        return sessions(pod).connect(pod, port);
    }

    @Override
    public Optional<List<Usage>> usage(Resource pod) throws IOException, InterruptedException {
        return sessions(pod).usage(pod);
    }

    @Override
    public Optional<Usage> machine(String node) throws InterruptedException {
        return (node.equals(here) ? own : others).machine(node);
    }

    @Override
    public void write(
            Resource pod, String container, boolean previous, LogQuery query, OutputStream out)
            throws IOException, InterruptedException {
        (elsewhere(pod) ? others : ownLogs).write(pod, container, previous, query, out);
    }
}
