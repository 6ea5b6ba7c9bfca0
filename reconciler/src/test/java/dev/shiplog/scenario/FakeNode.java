package dev.shiplog.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.link.NodeMonitor;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;
import dev.shiplog.state.ClusterState;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A node that runs nothing: takes up orders at once and reports after a while what a real one would
 * have seen. A pod whose image is {@code broken} runs and is never ready.
 */
public final class FakeNode {
    private final NodeName name;
    private final Ledger ledger;
    private final VirtualTime time;
    private final Supplier<Duration> startTime;
    private final Supplier<Duration> stopTime;
    private final Consumer<String> effects;
    private final Deque<Recorded> orders = new ArrayDeque<>();
    private final Set<Uid> running = new TreeSet<>();
    private boolean silent;

    /**
     * @param startTime from order to ready
     * @param stopTime from order to gone
     * @param effects told what would be done
     */
    public FakeNode(
            NodeName name,
            Ledger ledger,
            VirtualTime time,
            Supplier<Duration> startTime,
            Supplier<Duration> stopTime,
            Consumer<String> effects) {
        this.name = name;
        this.ledger = ledger;
        this.time = time;
        this.startTime = startTime;
        this.stopTime = stopTime;
        this.effects = effects;
        ledger.subscribe(ledger.head(), this::changed);
    }

    /** Introduces itself. */
    public void register(String cpu, String memory, int pods, boolean ready, boolean cordoned) {
        register(
                cpu,
                memory,
                pods,
                ready,
                new TreeMap<>(),
                cordoned ? Json.parse("{\"spec\":{\"unschedulable\":true}}") : Json.EMPTY);
    }

    /**
     * Introduces itself.
     *
     * @param more labels beside that of its name
     * @param body what it says of itself beside status and metadata
     */
    public void register(
            String cpu,
            String memory,
            int pods,
            boolean ready,
            SortedMap<String, String> more,
            Json body) {
        ObjectNode status = Json.EMPTY.toObject();
        status.putObject("allocatable")
                .put("cpu", cpu)
                .put("memory", memory)
                .put("pods", Integer.toString(pods));
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", ready ? "True" : "False");
        TreeMap<String, String> labels = new TreeMap<>();
        labels.put("kubernetes.io/hostname", name.value());
        labels.putAll(more);
        submitted(
                ledger.submit(
                        new NodeCommand.RegisterNode(
                                name,
                                labels,
                                body,
                                Json.of(status)),
                        Origin.request("node:" + name, "register-" + name)));
    }

    private void changed(ClusterState after, List<Recorded> events) {
        for (Recorded event : events) {
            if (event.event() instanceof NodeEvent.WorkOrdered ordered
                    && ordered.node().equals(name)) {
                orders.add(event);
            }
        }
    }

    /** Nobody hears of it any more, and it hears nothing; what runs on it runs on. */
    public void fallSilent() {
        silent = true;
        Resource node = ledger.state().resource(ResourceKey.node(name)).orElseThrow();
        submitted(
                ledger.submit(
                        new ResourceCommand.UpdateStatus(
                                node.key(),
                                node.uid(),
                                NodeMonitor.unknown(node.status(), time.get())),
                        Origin.request("controller:node-lifecycle-controller", "silent-" + name)));
    }

    /** It is back: it introduces itself, and says of each of its pods how it is. */
    public void comeBack() {
        silent = false;
        register("4", "8Gi", 110, true, false);
        for (ResourceKey key : ledger.state().podsOn(name)) {
            Resource pod = ledger.state().resource(key).orElseThrow();
            if (running.contains(pod.uid())) {
                ObjectNode status = pod.status().toObject();
                status.withArray("/conditions")
                        .forEach(condition -> ready((ObjectNode) condition));
                submitted(
                        ledger.submit(
                                new NodeCommand.ReportPods(
                                        name,
                                        List.of(
                                                new NodeCommand.PodReport(
                                                        key, pod.uid(), Json.of(status), false)),
                                        List.of(),
                                        List.of()),
                                Origin.request("node:" + name, "report-" + key)));
            }
        }
    }

    private void ready(ObjectNode condition) {
        if (condition.path("type").asText().equals("Ready")) {
            condition
                    .put("status", "True")
                    .put(
                            "lastTransitionTime",
                            time.get().truncatedTo(ChronoUnit.SECONDS).toString());
        }
    }

    /** Takes up the orders that came; whether there were any. */
    public boolean step() {
        if (silent) {
            return false;
        }
        List<Position> acknowledged = new ArrayList<>();
        while (!orders.isEmpty()) {
            Recorded order = orders.poll();
            acknowledged.add(order.position());
            carryOut(((NodeEvent.WorkOrdered) order.event()).work(), order);
        }
        if (acknowledged.isEmpty()) {
            return false;
        }
        submitted(
                ledger.submit(
                        new NodeCommand.ReportPods(name, List.of(), acknowledged, List.of()),
                        Origin.request("node:" + name, "acknowledge-" + acknowledged.getFirst())));
        return true;
    }

    private void carryOut(Work work, Recorded order) {
        effects.accept(name + ": " + work);
        switch (work) {
            case Work.RunPod run -> {
                running.add(run.uid());
                time.at(
                        "start " + run.uid(),
                        time.get().plus(startTime.get()),
                        () -> report(run, order));
            }
            case Work.RevisePod _ -> {
                // It starts nothing, so there is nothing that could change.
            }
            case Work.StopPod stop ->
                    time.at(
                            "stop " + stop.uid(),
                            time.get()
                                    .plus(
                                            stop.graceSeconds() == 0
                                                    ? Duration.ZERO
                                                    : stopTime.get()),
                            () -> stopped(stop, order));
        }
    }

    private void report(Work.RunPod run, Recorded order) {
        ledger.state()
                .resource(run.pod())
                .filter(pod -> pod.uid().equals(run.uid()) && running.contains(run.uid()))
                .ifPresent(pod -> submit(pod.key(), pod.uid(), started(pod), false, order));
    }

    private void stopped(Work.StopPod stop, Recorded order) {
        running.remove(stop.uid());
        ledger.state()
                .resource(stop.pod())
                .filter(pod -> pod.uid().equals(stop.uid()))
                .ifPresent(pod -> submit(pod.key(), pod.uid(), pod.status(), true, order));
    }

    /** Reports a status as it is given, such as that of a pod that ended. */
    public void reportPhase(ResourceKey key, String phase) {
        Resource pod = ledger.state().resource(key).orElseThrow();
        ObjectNode status = pod.status().toObject();
        status.put("phase", phase);
        status.withArray("/conditions").forEach(condition -> notReady((ObjectNode) condition));
        submitted(
                ledger.submit(
                        new NodeCommand.ReportPods(
                                name,
                                List.of(
                                        new NodeCommand.PodReport(
                                                key, pod.uid(), Json.of(status), false)),
                                List.of(),
                                List.of()),
                        Origin.request("node:" + name, "report-" + key)));
    }

    private static void notReady(ObjectNode condition) {
        if (condition.path("type").asText().equals("Ready")) {
            condition.put("status", "False");
        }
    }

    private void submit(ResourceKey key, Uid uid, Json status, boolean stopped, Recorded order) {
        submitted(
                ledger.submit(
                        new NodeCommand.ReportPods(
                                name,
                                List.of(new NodeCommand.PodReport(key, uid, status, stopped)),
                                List.of(),
                                List.of()),
                        order.origin().followedBy("node:" + name, order.position())));
    }

    /** The ledger of a simulation is done when it returns. */
    private static void submitted(CompletableFuture<Outcome> outcome) {
        Outcome _ = outcome.join();
    }

    private Json started(Resource pod) {
        String now = time.get().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode status = pod.status().toObject();
        status.put("phase", "Running").put("startTime", now);
        boolean ready = !image(pod).equals("broken");
        status.withArray("/conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", ready ? "True" : "False")
                .put("lastTransitionTime", now);
        return Json.of(status);
    }

    private static String image(Resource pod) {
        JsonNode containers = pod.body().toNode().path("spec").path("containers");
        return containers.path(0).path("image").asText();
    }
}
