package dev.shiplog.boot;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.PodSessions;
import dev.shiplog.api.Status;
import dev.shiplog.node.agent.MachineUsage;
import dev.shiplog.node.agent.NodeAgent;
import dev.shiplog.node.agent.NodeSessions;
import dev.shiplog.node.agent.SessionRefused;
import dev.shiplog.node.runtime.PodConnection;
import dev.shiplog.resource.Resource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** Sessions with the pods of this process's node, for the API server. */
final class AgentSessions implements PodSessions {
    private final MachineUsage machine = new MachineUsage();
    private volatile Optional<NodeAgent> node = Optional.empty();

    /** Says whose pods these are; until then there are none. */
    void of(NodeAgent agent) {
        node = Optional.of(agent);
    }

    private NodeSessions sessions() {
        return node.orElseThrow(() ->
                        new ApiFailure(
                                Status.of(503, "ServiceUnavailable", "the node is still starting")))
                .sessions();
    }

    @Override
    public int exec(Resource pod, String container, List<String> command, Terminal terminal)
            throws InterruptedException {
        try {
            return sessions().exec(pod.key(), pod.uid(), container, command, terminal(terminal));
        } catch (SessionRefused refused) {
            throw failure(refused);
        }
    }

    @Override
    public int attach(Resource pod, String container, Terminal terminal)
            throws InterruptedException {
        try {
            return sessions().attach(pod.key(), pod.uid(), container, terminal(terminal));
        } catch (SessionRefused refused) {
            throw failure(refused);
        }
    }

    @Override
    public Connection connect(Resource pod, int port) throws InterruptedException {
        try {
            return new AgentConnection(sessions().connect(pod.key(), pod.uid(), port));
        } catch (SessionRefused refused) {
            throw failure(refused);
        }
    }

    /** Empty, rather than a failure, for a pod that has not come to run. */
    @Override
    public Optional<List<Usage>> usage(Resource pod) throws InterruptedException {
        try {
            List<Usage> usages =
                    sessions().usage(pod.key(), pod.uid()).entrySet().stream()
                            .map(one ->
                                    new Usage(
                                            one.getKey(),
                                            one.getValue().cpuNanoCores(),
                                            one.getValue().memoryBytes(),
                                            one.getValue().window()))
                            .toList();
            return usages.isEmpty() ? Optional.empty() : Optional.of(usages);
        } catch (SessionRefused refused) {
            return switch (refused.reason()) {
                case NOT_FOUND, NOT_RUNNING -> Optional.empty();
                case NOT_STARTED, NOT_LISTENING, TOO_MANY, FAILED -> throw failure(refused);
            };
        }
    }

    @Override
    public Optional<Usage> machine(String name) throws InterruptedException {
        return machine.now()
                .map(use -> new Usage(name, use.cpuNanoCores(), use.memoryBytes(), use.window()));
    }

    private static dev.shiplog.node.runtime.Terminal terminal(Terminal terminal) {
        return new dev.shiplog.node.runtime.Terminal(
                terminal.stdin(),
                terminal.stdout(),
                terminal.stderr(),
                terminal.tty(),
                listener -> terminal.sizes().listen(listener::resized));
    }

    private static ApiFailure failure(SessionRefused refused) {
        Status status =
                switch (refused.reason()) {
                    case NOT_FOUND, NOT_RUNNING -> Status.badRequest(refused.text());
                    case NOT_STARTED, NOT_LISTENING, FAILED ->
                            Status.of(500, "InternalError", refused.text());
                    case TOO_MANY -> Status.of(429, "TooManyRequests", refused.text());
                };
        return new ApiFailure(status, refused);
    }

    private record AgentConnection(PodConnection connection) implements Connection {
        @Override
        public InputStream in() {
            return connection.in();
        }

        @Override
        public OutputStream out() {
            return connection.out();
        }

        @Override
        public void endOutput() throws IOException {
            connection.endOutput();
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }
}
