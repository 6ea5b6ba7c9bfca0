package dev.shiplog.scenario;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Plays a script: lines that begin with {@code >} are steps, lines that begin with {@code #} are
 * for people; all others are what followed last time.
 *
 * <pre>
 * > node n1 cpu=2 memory=4Gi pods=110 ready=true cordoned=false labels=disk:ssd taint=a:b:NoSchedule
 * > push web.yaml | replicas: 3 -> replicas: 5      (a file beside the script, with replacements)
 * > remove web.yaml
 * > revert
 * > tick 5s
 * > delete Pod/default/web-1 grace=0 foreground|orphan
 * > evict Pod/default/web-1 PodDisruptionBudget.policy/default/web
 * > label Pod/default/web-1 app=other
 * > report n1 Pod/default/web-1 Failed
 * > silence n1
 * > return n1
 * > taint n1 key=value:NoExecute
 * > show Pod
 * </pre>
 */
final class Scenario {
    private static final Duration START_TIME = Duration.ofSeconds(2);
    private static final Duration STOP_TIME = Duration.ofSeconds(1);

    private final Path folder;
    private final Transcript transcript;
    private final Simulation simulation;

    private Scenario(Path folder) {
        this.folder = folder;
        VirtualTime time = new VirtualTime();
        transcript = new Transcript(time::elapsed);
        simulation =
                new Simulation(
                        time,
                        ledger -> new RecordingLedger(ledger, transcript),
                        () -> START_TIME,
                        () -> STOP_TIME,
                        effect -> transcript.line("! " + effect));
    }

    /** The script with what follows now. */
    static String play(Path script) throws IOException {
        Path folder = script.getParent();
        Scenario scenario = new Scenario(folder == null ? Path.of("") : folder);
        for (String line : Files.readAllLines(script)) {
            if (line.startsWith("#")) {
                scenario.transcript.raw(line);
            } else if (line.startsWith(">")) {
                scenario.transcript.raw(line);
                scenario.step(line.substring(1).strip());
            }
        }
        return scenario.transcript.toString();
    }

    private void step(String step) throws IOException {
        List<String> words = Arrays.asList(step.split(" +", -1));
        switch (words.getFirst()) {
            case "node" -> node(words);
            case "push" -> push(step.substring("push".length()));
            case "remove" -> simulation.remove(words.get(1));
            case "revert" -> simulation.revert();
            case "tick" ->
                    simulation.tick(Duration.parse("PT" + words.get(1).toUpperCase(Locale.ROOT)));
            case "delete" -> delete(words);
            case "evict" -> evict(ResourceKey.parse(words.get(1)), words.subList(2, words.size()));
            case "label" -> label(ResourceKey.parse(words.get(1)), words.get(2));
            case "report" -> {
                simulation
                        .node(words.get(1))
                        .reportPhase(ResourceKey.parse(words.get(2)), words.get(3));
                simulation.settle();
            }
            case "silence" -> {
                simulation.node(words.get(1)).fallSilent();
                simulation.settle();
            }
            case "return" -> {
                simulation.node(words.get(1)).comeBack();
                simulation.settle();
            }
            case "taint" -> taint(words.get(1), words.get(2));
            case "show" -> show(GroupKind.parse(words.get(1)));
            default -> throw new IllegalArgumentException("expected a step, found: " + step);
        }
    }

    private void node(List<String> words) {
        Map<String, String> options = new TreeMap<>();
        words.stream()
                .skip(2)
                .map(word -> word.split("=", 2))
                .forEach(pair -> options.put(pair[0], pair[1]));
        simulation
                .node(words.get(1))
                .register(
                        options.getOrDefault("cpu", "4"),
                        options.getOrDefault("memory", "8Gi"),
                        Integer.parseInt(options.getOrDefault("pods", "110")),
                        Boolean.parseBoolean(options.getOrDefault("ready", "true")),
                        labels(options.getOrDefault("labels", "")),
                        spec(options));
        simulation.settle();
    }

    private static SortedMap<String, String> labels(String text) {
        SortedMap<String, String> labels = new TreeMap<>();
        for (String label : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            labels.put(label.split(":", -1)[0], label.split(":", -1)[1]);
        }
        return labels;
    }

    private static Json spec(Map<String, String> options) {
        ObjectNode body = Json.EMPTY.toObject();
        if (Boolean.parseBoolean(options.getOrDefault("cordoned", "false"))) {
            body.withObject("/spec").put("unschedulable", true);
        }
        if (options.containsKey("taint")) {
            String[] taint = options.get("taint").split(":", -1);
            body.withObject("/spec")
                    .putArray("taints")
                    .addObject()
                    .put("key", taint[0])
                    .put("value", taint[1])
                    .put("effect", taint[2]);
        }
        return Json.of(body);
    }

    private void push(String rest) throws IOException {
        List<String> parts = new ArrayList<>(Arrays.asList(rest.split("\\|", -1)));
        String file = parts.removeFirst().strip();
        String content = Files.readString(folder.resolve(file));
        for (String replacement : parts) {
            String[] sides = replacement.split("->", 2);
            String old = sides[0].strip().replace("\\n", "\n");
            if (!content.contains(old)) {
                throw new IllegalArgumentException("expected \"" + old + "\" in " + file);
            }
            content = content.replace(old, sides[1].strip().replace("\\n", "\n"));
        }
        simulation.push(file, content);
    }

    private void delete(List<String> words) {
        OptionalLong grace =
                words.stream()
                        .filter(word -> word.startsWith("grace="))
                        .mapToLong(word -> Long.parseLong(word.substring("grace=".length())))
                        .findFirst();
        Propagation propagation =
                words.contains("foreground")
                        ? Propagation.FOREGROUND
                        : words.contains("orphan") ? Propagation.ORPHAN : Propagation.BACKGROUND;
        simulation.submit(
                new ResourceCommand.DeleteResource(
                        ResourceKey.parse(words.get(1)),
                        Optional.empty(),
                        grace,
                        propagation,
                        List.of()));
    }

    private void evict(ResourceKey pod, List<String> budget) {
        simulation.submit(
                new ResourceCommand.EvictPod(
                        pod,
                        simulation.ledger.state().resource(pod).orElseThrow().uid(),
                        budget.stream().map(ResourceKey::parse).findFirst(),
                        OptionalLong.empty()));
    }

    private void label(ResourceKey key, String label) {
        Resource resource = simulation.ledger.state().resource(key).orElseThrow();
        SortedMap<String, String> labels = new TreeMap<>(resource.metadata().labels());
        labels.put(label.split("=", 2)[0], label.split("=", 2)[1]);
        simulation.submit(
                new ResourceCommand.ChangeMetadata(
                        key,
                        resource.uid(),
                        resource.version(),
                        labels,
                        resource.metadata().annotations(),
                        resource.metadata().owners(),
                        resource.metadata().finalizers()));
    }

    /** As {@code kubectl taint} does; {@code none} takes all away. */
    private void taint(String node, String taint) {
        Resource live =
                simulation
                        .ledger
                        .state()
                        .resource(ResourceKey.node(new NodeName(node)))
                        .orElseThrow();
        ObjectNode body = live.body().toObject();
        ArrayNode taints = body.withObjectProperty("spec").putArray("taints");
        if (!taint.equals("none")) {
            String[] parts = taint.split("[=:]", -1);
            taints.addObject()
                    .put("effect", parts[2])
                    .put("key", parts[0])
                    .put("value", parts[1]);
        }
        simulation.submit(
                new ResourceCommand.ReviseResource(
                        live.key(),
                        live.uid(),
                        live.metadata().generation(),
                        Json.of(body),
                        Optional.empty(),
                        List.of()));
    }

    private void show(GroupKind kind) {
        for (Resource resource : simulation.ledger.state().resources(kind)) {
            transcript.line(
                    "= "
                            + resource.key()
                            + (resource.metadata().deleting() ? " deleting" : "")
                            + " "
                            + Transcript.status(resource.status()));
        }
    }
}
