package dev.shiplog.api.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Authorizer;
import dev.shiplog.api.PodSessions;
import dev.shiplog.api.PodSessions.Usage;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.Access;
import dev.shiplog.api.read.Candidates;
import dev.shiplog.api.select.Selection;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.served.ServedResources;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.state.ClusterState;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers {@code /apis/metrics.k8s.io/v1beta1/…}: PodMetrics and NodeMetrics, measured when asked
 * for. A node uses what its pods use together.
 */
public final class MetricsApi {
    public static final String GROUP = "metrics.k8s.io";
    public static final String API_VERSION = GROUP + "/v1beta1";

    private static final Duration WINDOW = Duration.ofSeconds(15);
    private static final int BYTES_PER_KIBIBYTE = 1024;

    private final Ledger ledger;
    private final ServedResource pods;
    private final ServedResource nodes;
    private final Access access;
    private final PodSessions sessions;
    private final Sampler sampler;
    private final Supplier<Instant> clock;

    public MetricsApi(
            Ledger ledger,
            ServedResources served,
            Access access,
            PodSessions sessions,
            Supplier<Instant> clock) {
        this.ledger = ledger;
        this.pods = served.find("v1", "pods").orElseThrow();
        this.nodes = served.find("v1", "nodes").orElseThrow();
        this.access = access;
        this.sessions = sessions;
        this.sampler = new Sampler(sessions, clock);
        this.clock = clock;
    }

    /**
     * @param parts what follows the version in the path, decoded
     */
    public Reply answer(Request request, List<String> parts) throws InterruptedException {
        boolean inNamespace = parts.size() >= 3 && parts.getFirst().equals("namespaces");
        Optional<String> namespace = inNamespace ? Optional.of(parts.get(1)) : Optional.empty();
        List<String> rest = inNamespace ? parts.subList(2, parts.size()) : parts;
        String plural = rest.getFirst();
        boolean known = plural.equals("pods") || (plural.equals("nodes") && !inNamespace);
        boolean single = rest.size() == 2;
        if (!known || rest.size() > 2 || (plural.equals("pods") && single && !inNamespace)) {
            throw new ApiFailure(Status.noSuchPath());
        }
        String name = single ? rest.get(1) : "";
        authorize(request, plural, namespace, name);
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            throw new ApiFailure(Status.methodNotAllowed());
        }
        return plural.equals("pods") ? pods(request, namespace, name) : nodes(request, name);
    }

    private void authorize(
            Request request, String plural, Optional<String> namespace, String name) {
        String verb =
                switch (request.method()) {
                    case "GET", "HEAD" -> name.isEmpty() ? "list" : "get";
                    default -> "update";
                };
        Authorizer.Action action =
                new Authorizer.Action(verb, GROUP, plural, "", namespace.orElse(""), name, "");
        access.require(request, action);
    }

    private Reply pods(Request request, Optional<String> namespace, String name)
            throws InterruptedException {
        ClusterState state = ledger.state();
        if (!name.isEmpty()) {
            String shown = namespace.orElse("") + "/" + name;
            Resource pod =
                    state.resource(pods.key(namespace, name))
                            .orElseThrow(() -> new ApiFailure(Status.notFound("", "pods", shown)));
            List<Sampler.Sample> samples = sampler.of(List.of(pod));
            if (samples.isEmpty()) {
                throw new ApiFailure(Status.notFound(GROUP, "podmetrics", shown));
            }
            return reply(described(podMetrics(samples.getFirst()), "PodMetrics"));
        }
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        for (Sampler.Sample sample : sampler.of(selected(state, pods, namespace, request))) {
            items.add(podMetrics(sample));
        }
        return reply(list("PodMetricsList", items));
    }

    private Reply nodes(Request request, String name) throws InterruptedException {
        ClusterState state = ledger.state();
        if (!name.isEmpty()) {
            Resource node =
                    state.resource(nodes.key(Optional.empty(), name))
                            .orElseThrow(() -> new ApiFailure(nodes.notFound(name)));
            return reply(described(nodeMetrics(state, node), "NodeMetrics"));
        }
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        for (Resource node : selected(state, nodes, Optional.empty(), request)) {
            items.add(nodeMetrics(state, node));
        }
        return reply(list("NodeMetricsList", items));
    }

    private static Collection<Resource> selected(
            ClusterState state,
            ServedResource served,
            Optional<String> namespace,
            Request request) {
        Selection selection = Selection.of(served, namespace, request.query());
        return Candidates.of(state, served, selection).stream().filter(selection::matches).toList();
    }

    private ObjectNode podMetrics(Sampler.Sample sample) {
        ObjectNode root = metrics(sample.pod(), sample.time(), window(sample.usage()));
        ArrayNode containers = root.putArray("containers");
        for (Usage usage : sample.usage()) {
            ObjectNode container = containers.addObject();
            container.put("name", usage.container());
            usage(container, usage.cpuNanoCores(), usage.memoryBytes());
        }
        return root;
    }

    /** What the machine uses; where that is not known, what its pods do. */
    private ObjectNode nodeMetrics(ClusterState state, Resource node) throws InterruptedException {
        Optional<Usage> machine = sessions.machine(node.key().name());
        if (machine.isPresent()) {
            ObjectNode root = metrics(node, clock.get(), machine.get().window());
            usage(root, machine.get().cpuNanoCores(), machine.get().memoryBytes());
            return root;
        }
        List<Resource> running = new ArrayList<>();
        state.podsOn(new NodeName(node.key().name()))
                .forEach(key -> state.resource(key).ifPresent(running::add));
        long cpu = 0;
        long memory = 0;
        for (Sampler.Sample sample : sampler.of(running)) {
            for (Usage usage : sample.usage()) {
                cpu += usage.cpuNanoCores();
                memory += usage.memoryBytes();
            }
        }
        ObjectNode root = metrics(node, clock.get(), WINDOW);
        usage(root, cpu, memory);
        return root;
    }

    private static ObjectNode metrics(Resource of, Instant time, Duration window) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = root.putObject("metadata");
        metadata.put("name", of.key().name());
        if (!of.key().namespace().isEmpty()) {
            metadata.put("namespace", of.key().namespace());
        }
        metadata.put("creationTimestamp", time.truncatedTo(ChronoUnit.SECONDS).toString());
        if (!of.metadata().labels().isEmpty()) {
            of.metadata().labels().forEach(metadata.putObject("labels")::put);
        }
        root.put("timestamp", time.truncatedTo(ChronoUnit.SECONDS).toString());
        root.put("window", window.toSeconds() + "s");
        return root;
    }

    private static Duration window(List<Usage> usage) {
        return usage.isEmpty() ? WINDOW : usage.getFirst().window();
    }

    private static void usage(ObjectNode root, long nanoCores, long bytes) {
        ObjectNode usage = root.putObject("usage");
        usage.put("cpu", nanoCores + "n");
        usage.put("memory", bytes / BYTES_PER_KIBIBYTE + "Ki");
    }

    private static ObjectNode described(ObjectNode root, String kind) {
        root.put("kind", kind);
        root.put("apiVersion", API_VERSION);
        return root;
    }

    private static ObjectNode list(String kind, ArrayNode items) {
        ObjectNode root = described(JsonNodeFactory.instance.objectNode(), kind);
        root.putObject("metadata");
        root.set("items", items);
        return root;
    }

    private static Reply reply(ObjectNode root) {
        return Reply.json(200, Json.of(root).bytes());
    }
}
