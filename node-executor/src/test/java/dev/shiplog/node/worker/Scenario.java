package dev.shiplog.node.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.node.link.ControlPlane.Order;
import dev.shiplog.node.plan.Effect;
import dev.shiplog.node.plan.EffectResult;
import dev.shiplog.node.plan.NodeFacts;
import dev.shiplog.node.plan.NodeNames;
import dev.shiplog.node.plan.PodPhase;
import dev.shiplog.node.probe.Answer;
import dev.shiplog.node.probe.Handler;
import dev.shiplog.node.report.PodReports;
import dev.shiplog.node.runtime.PullProgress;
import dev.shiplog.node.runtime.ResolvConf;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.volume.MessageFiles;
import dev.shiplog.node.volume.Volumes;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.yaml.snakeyaml.Yaml;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Plays one script: the pod's life, with a runtime and a clock that obey the script. */
final class Scenario implements PodReports {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Uid UID = new Uid("u1");
    private static final NodeFacts NODE =
            new NodeFacts(
                    new NodeName("n1"),
                    List.of("192.0.2.1"),
                    "fake",
                    2_000_000_000L,
                    1L << 32,
                    new NodeNames(List.of("10.96.0.10"), ResolvConf.EMPTY));

    /** More turns without waiting than any script needs: a loop that does not end. */
    private static final int MOST_TURNS = 50;

    private final StringBuilder out = new StringBuilder();
    private final FakeRuntime runtime = new FakeRuntime(() -> this.now, call -> line("  " + call));
    private final Map<String, Answer> answers = new TreeMap<>();
    private final Effects effects =
            new Effects(
                    runtime,
                    new ImagePulls(runtime, Scenario::ignore),
                    (target, handler, timeout) -> answer(target.containerId(), handler),
                    Volumes.NONE,
                    () -> this.now);
    private final Messages messages = new Messages();
    private final Set<String> underWay = new TreeSet<>();
    private Instant now = START;
    private Resource pod;
    private PodLife life;
    private Optional<Instant> lookAgain = Optional.empty();
    private boolean gone;
    private long orders;

    private Scenario(String yaml) {
        pod = pod(yaml);
        life = newLife();
    }

    private static void ignore(PullProgress progress) {
        // Scripts are about what comes of a pull.
    }

    /** The script again, with what happens now after each command. */
    static String play(String script) throws Exception {
        String yaml = script.substring(0, script.indexOf("> "));
        Scenario scenario = new Scenario(yaml);
        scenario.out.append(yaml);
        for (String line : script.substring(yaml.length()).lines().toList()) {
            if (line.startsWith("> ")) {
                scenario.out.append(line).append('\n');
                scenario.command(line.substring(2).split(" ", -1));
            }
        }
        return scenario.out.toString();
    }

    @SuppressWarnings("unchecked")
    private static Resource pod(String yaml) {
        Map<String, Object> document = new TreeMap<>((Map<String, Object>) new Yaml().load(yaml));
        JsonNode root = Json.from(document).toNode();
        ObjectNode body = Json.EMPTY.toObject();
        body.set("spec", root.path("spec"));
        TreeMap<String, String> labels = new TreeMap<>();
        root.path("metadata")
                .path("labels")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        return new Resource(
                ResourceKey.pod("default", root.path("metadata").path("name").asText()),
                "v1",
                new Metadata(
                        UID,
                        1,
                        START,
                        labels,
                        new TreeMap<>(),
                        List.of(),
                        List.of(),
                        Optional.empty()),
                Json.of(body),
                Json.parse("{\"phase\":\"Pending\"}"),
                new Position(1));
    }

    private PodLife newLife() {
        return new PodLife(pod.key(), UID, runtime, new LastWords(runtime, messages), NODE, this);
    }

    private void command(String[] words) throws Exception {
        switch (words[0]) {
            case "image" -> runtime.addImage(words[1]);
            case "run" -> wish(new Order.Run(nextOrder(), pod));
            case "look-into" -> {
                pod = lookedInto(words[1], words[2], words[3]);
                wish(new Order.Run(nextOrder(), pod));
            }
            case "stop" ->
                    wish(
                            new Order.Stop(
                                    nextOrder(),
                                    pod.key(),
                                    UID,
                                    Long.parseLong(words[1]),
                                    Optional.of(pod)));
            case "stop-unknown" ->
                    wish(
                            new Order.Stop(
                                    nextOrder(),
                                    pod.key(),
                                    UID,
                                    Long.parseLong(words[1]),
                                    Optional.empty()));
            case "exit" -> changed(() -> runtime.exit(UID.value(), words[1], code(words[2])));
            case "oom" -> changed(() -> runtime.outOfMemory(UID.value(), words[1]));
            case "lose" -> changed(() -> runtime.lose(UID.value(), words[1]));
            case "evict" -> {
                String why = String.join(" ", List.of(words).subList(1, words.length));
                life.evict(new PodPhase("Failed", "Evicted", why));
                turns();
            }
            case "kill-sandbox" -> changed(() -> runtime.killSandbox(UID.value()));
            case "lose-pod" -> changed(() -> runtime.losePod(UID.value()));
            case "fail" ->
                    runtime.failNext(
                            words[1],
                            RuntimeFailure.Kind.valueOf(words[2]),
                            String.join(" ", List.of(words).subList(3, words.length)));
            case "restart-node" -> {
                life = newLife();
                wish(new Order.Run(nextOrder(), pod));
            }
            case "answer" ->
                    answers.put(
                            words[1],
                            new Answer(
                                    Answer.Kind.valueOf(words[2].toUpperCase(Locale.ROOT)),
                                    String.join(" ", List.of(words).subList(3, words.length))));
            case "condition" -> {
                ObjectNode status = pod.status().toObject();
                status.withArray("/conditions")
                        .addObject()
                        .put("type", words[1])
                        .put("status", words[2]);
                pod = pod.withStatus(Json.of(status), pod.version().next());
                wish(new Order.Run(nextOrder(), pod));
            }
            case "words" ->
                    messages.words.put(
                            words[1], String.join(" ", List.of(words).subList(2, words.length)));
            case "under-way" -> underWay.add(words[1]);
            case "lands" -> {
                underWay.remove(words[1]);
                turns();
            }
            case "tick" -> tick(Duration.parse("PT" + words[1].toUpperCase(Locale.ROOT)));
            default -> throw new IllegalArgumentException("no command " + words[0]);
        }
    }

    /** By what is asked: {@code /healthz}, a port, the last word of a command; else well. */
    private Answer answer(String containerId, Handler handler) {
        String asked =
                switch (handler) {
                    case Handler.HttpGet get -> get.path();
                    case Handler.TcpSocket socket -> Integer.toString(socket.port());
                    case Handler.Exec exec -> exec.command().getLast();
                    case Handler.Grpc grpc -> Integer.toString(grpc.port());
                    case Handler.Sleep sleep -> "sleep " + sleep.seconds();
                    case Handler.Impossible impossible -> impossible.why();
                };
        Answer answer =
                handler instanceof Handler.Impossible(String why)
                        ? Answer.notAsked(why)
                        : answers.getOrDefault(asked, Answer.WELL);
        line("  ask " + containerId + " " + asked + ": " + answer.kind());
        return answer;
    }

    /** The pod with one more container that looks into another. */
    private Resource lookedInto(String name, String image, String target) {
        ObjectNode body = pod.body().toObject();
        ObjectNode added = body.withObject("/spec").withArray("ephemeralContainers").addObject();
        added.put("name", name).put("image", image).put("targetContainerName", target);
        return new Resource(
                pod.key(),
                pod.apiVersion(),
                pod.metadata().withGeneration(pod.metadata().generation() + 1),
                Json.of(body),
                pod.status(),
                pod.version().next());
    }

    private static int code(String text) {
        return Integer.parseInt(text);
    }

    private Position nextOrder() {
        return new Position(100 + orders++);
    }

    private void wish(Order order) throws InterruptedException {
        life.wish(order, now);
        turns();
    }

    private void changed(Runnable change) throws InterruptedException {
        change.run();
        life.lookAfresh();
        turns();
    }

    /** Time passes; the pod is looked at whenever it asked for it. */
    private void tick(Duration duration) throws InterruptedException {
        Instant end = now.plus(duration);
        while (lookAgain.isPresent() && !lookAgain.get().isAfter(end)) {
            now = lookAgain.get();
            turns();
        }
        now = end;
    }

    private void turns() throws InterruptedException {
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            if (gone) {
                return;
            }
            PodLife.Turn next = life.turn(now);
            lookAgain = next.lookAgain().filter(at -> at.isAfter(now));
            gone = next.gone();
            if (gone) {
                line("  gone");
            }
            if (next.effects().isEmpty()) {
                return;
            }
            boolean rest = true;
            for (Effect effect : next.effects()) {
                if (!takesLong(effect)) {
                    life.after(effect, steady(effects.carryOut(effect)), now);
                    rest = false;
                }
            }
            if (rest) {
                return;
            }
        }
        throw new AssertionError("the pod is not at rest after " + MOST_TURNS + " turns");
    }

    /** Whether a script said that it goes on and on. */
    private boolean takesLong(Effect effect) {
        return effect instanceof Effect.RunHook hook && underWay.contains(hook.container());
    }

    /** Pulls take real time, which a golden file cannot hold. */
    private static EffectResult steady(EffectResult result) {
        return result instanceof EffectResult.ImagePulled(String id, _)
                ? new EffectResult.ImagePulled(id, Duration.ofMillis(1500))
                : result;
    }

    private void line(String text) {
        out.append('[')
                .append(Duration.between(START, now).toSeconds())
                .append("s]")
                .append(text)
                .append('\n');
    }

    @Override
    public void report(PodReport report, List<Position> answered, List<Note> notes) {
        tell(answered, notes);
        pod = pod.withStatus(report.status(), pod.version().next());
        line(" " + StatusLine.of(report.status()) + (report.stopped() ? " STOPPED" : ""));
    }

    @Override
    public void tell(List<Position> answered, List<Note> notes) {
        for (Note note : notes) {
            line(
                    " "
                            + (note.warning() ? "Warning " : "Normal ")
                            + note.reason()
                            + ": "
                            + note.message());
        }
        answered.forEach(order -> line(" acknowledged " + order));
    }

    /** What containers leave, as the script says. */
    private static final class Messages implements MessageFiles {
        private final Map<String, String> words = new TreeMap<>();

        @Override
        public Optional<Path> make(Uid pod, String container, int attempt) {
            return Optional.empty();
        }

        @Override
        public String read(Uid pod, String container, int attempt, int mostBytes) {
            return words.getOrDefault(container + "#" + attempt, "");
        }

        @Override
        public void remove(Uid pod) {
            words.clear();
        }
    }
}
