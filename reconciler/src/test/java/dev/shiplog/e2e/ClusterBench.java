package dev.shiplog.e2e;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Json;

import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * What a user waits for, on a real Docker Engine, beside what the Engine itself costs in the same
 * run: start to first answer, memory, a push until its pods run, one pod and twenty. Prints
 * medians; asserts nothing.
 *
 * <p>Arguments: which of {@code start one many memory}; none for all.
 */
final class ClusterBench {
    private static final int RUNS = 5;
    private static final int MANY = 20;
    private static final int PODS_FOR_MEMORY = 100;

    /** As many starts as a node has under way. */
    private static final int AT_ONCE = 8;

    /** After all pods are Ready, before memory is looked at again. */
    private static final Duration QUIET = Duration.ofSeconds(15);

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private final TestCluster cluster;

    private ClusterBench(TestCluster cluster) {
        this.cluster = cluster;
    }

    public static void main(String[] arguments) throws IOException {
        Set<String> wanted =
                arguments.length > 0 ? Set.of(arguments) : Set.of("start", "one", "many", "memory");
        try (TestCluster cluster = new TestCluster("bench")) {
            new ClusterBench(cluster).run(wanted);
        }
    }

    private void run(Set<String> wanted) throws IOException {
        cluster.shiplog("demo", "--runtime", "docker").ok();
        Shell clone = cluster.cloned("work");
        settle(clone, 0);
        print("idle with no pods, resident MiB", residentMebibytes());
        if (wanted.contains("start")) {
            print("start to first answer, ms", median(this::start));
        }
        if (wanted.contains("one")) {
            one(clone);
        }
        if (wanted.contains("many")) {
            many(clone);
        }
        if (wanted.contains("memory")) {
            memory(clone);
        }
        System.out.println(cluster.shiplog("replay", "--verify").ok().strip());
    }

    private void one(Shell clone) {
        print(
                "Docker's own floor: sandbox and container by docker run, ms",
                median(this::dockerFloor));
        List<Pushed> ones = pushes(clone, 1);
        print(
                "git push of 1 pod, whole command, ms",
                median(ones.stream().map(Pushed::command).toList()));
        print(
                "push: branch moved to event durable and folded is within that; event to pod Running, ms",
                median(ones.stream().map(Pushed::running).toList()));
        print("1 pod, declared to Ready, ms", median(ones.stream().map(Pushed::ready).toList()));
    }

    private void many(Shell clone) {
        List<Pushed> many = pushes(clone, MANY);
        print(
                "Docker's own floor for "
                        + MANY
                        + " pods, "
                        + AT_ONCE
                        + " side by side over its API, ms",
                median(this::dockerFloorOfMany));
        print(
                MANY + " pods at once, declared to all Ready, ms",
                median(many.stream().map(Pushed::ready).toList()));
    }

    /** When all are Ready, and when what starting them needed is given back. */
    private void memory(Shell clone) throws IOException {
        settle(clone, PODS_FOR_MEMORY);
        print("with " + PODS_FOR_MEMORY + " pods, just Ready, resident MiB", residentMebibytes());
        LockSupport.parkNanos(QUIET.toNanos());
        print(
                "with "
                        + PODS_FOR_MEMORY
                        + " pods, "
                        + QUIET.toSeconds()
                        + " s later, resident MiB",
                residentMebibytes());
    }

    /**
     * All in milliseconds: the push as a command; its commit's event to the last pod Running, and
     * Ready.
     */
    private record Pushed(long command, long running, long ready) {}

    private List<Pushed> pushes(Shell clone, int replicas) {
        List<Pushed> results = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            settle(clone, 0);
            results.add(push(clone, replicas));
        }
        return results;
    }

    private Pushed push(Shell clone, int replicas) {
        write(clone, replicas);
        long begin = System.nanoTime();
        clone.run("git", "push").ok();
        long command = (System.nanoTime() - begin) / 1_000_000;
        String commit = clone.run("git", "rev-parse", "HEAD").ok().strip();
        awaitPods(replicas);
        List<JsonNode> events =
                cluster.shiplog("log", "-a", "--limit", "100000", "-o", "json")
                        .ok()
                        .lines()
                        .map(line -> Json.parse(line).toNode())
                        .toList();
        JsonNode applied =
                events.stream()
                        .filter(event ->
                                event.path("type").asText().equals("CommitApplied")
                                        && event.path("event")
                                                .path("commit")
                                                .asText()
                                                .equals(commit))
                        .findFirst()
                        .orElseThrow();
        long position = applied.path("position").asLong();
        Instant declared = time(applied);
        return new Pushed(
                command,
                last(events, position, declared, "reported Running", replicas),
                last(events, position, declared, "reported Running, Ready", replicas));
    }

    /** From the commit until as many distinct pods as wanted had been reported so. */
    private static long last(
            List<JsonNode> events, long after, Instant since, String what, int wanted) {
        TreeSet<String> pods = new TreeSet<>();
        for (JsonNode event : events) {
            if (event.path("position").asLong() > after
                    && event.path("what").asText().startsWith(what)
                    && pods.add(event.path("object").asText())
                    && pods.size() == wanted) {
                return Duration.between(since, time(event)).toMillis();
            }
        }
        throw new IllegalStateException("expected " + wanted + " pods " + what + ", found " + pods);
    }

    private static Instant time(JsonNode event) {
        return Instant.parse(event.path("time").asText());
    }

    private void settle(Shell clone, int replicas) {
        write(clone, replicas);
        clone.sh("git push -q 2>/dev/null").ok();
        awaitPods(replicas);
    }

    private void write(Shell clone, int replicas) {
        clone.sh(
                        "rm -rf kubia monitoring shop/backend.yaml; sed -i 's/replicas: .*/replicas: "
                                + replicas
                                + "/; s/maxSurge: .*/maxSurge: 100%/' shop/frontend.yaml; git add -A;"
                                + " git commit -q --allow-empty -m '"
                                + replicas
                                + " pods' -m 'Shiplog-Allow-Delete: true'")
                .ok();
    }

    /** By curl: a JVM for each look would take a core from what is measured. */
    private void awaitPods(int replicas) {
        String url = cluster.status().path("apiServer").asText() + "/shiplog/v1/status";
        Path token = cluster.folder().resolve("token");
        cluster.shell()
                .sh(
                        "until curl -sk -H \"Authorization: Bearer $(cat "
                                + token
                                + ")\" "
                                + url
                                + " | tr -d ' \\n' | grep -q '\"phase\":\"Ready\".*\"total\":"
                                + replicas
                                + ",\"ready\":"
                                + replicas
                                + "}'; do sleep 0.2; done")
                .ok();
    }

    /** What the Engine is asked for as many pods; they get their network from Shiplog. */
    private long dockerFloorOfMany() {
        String run = "shiplog-floor-" + System.nanoTime();
        String api =
                "curl -fsS --unix-socket ${DOCKER_SOCKET:-/var/run/docker.sock}"
                        + " -H 'Content-Type: application/json' -o /dev/null -X POST"
                        + " http://docker/v1.41/containers/";
        String one =
                api
                        + "create?name=$1 -d '{\"Image\":\"shiplog/pause:2\",\"HostConfig\":"
                        + "{\"IpcMode\":\"shareable\",\"NetworkMode\":\"none\"}}' && "
                        + api
                        + "$1/start && "
                        + api
                        + "create?name=$1-c -d '{\"Image\":\"busybox:1.37\",\"Cmd\":[\"sleep\",\"60\"],"
                        + "\"HostConfig\":{\"NetworkMode\":\"container:'$1'\"}}' && "
                        + api
                        + "$1-c/start";
        try {
            Files.writeString(cluster.base().resolve("floor.sh"), one + "\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        long begin = System.nanoTime();
        cluster.shell()
                .sh("seq " + MANY + " | xargs -P " + AT_ONCE + " -I{} sh floor.sh " + run + "-{}")
                .ok();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        cluster.shell()
                .sh("docker rm -f $(docker ps -aq --filter name=" + run + ") >/dev/null")
                .ok();
        return millis;
    }

    private long dockerFloor() {
        String name = "shiplog-floor-" + System.nanoTime();
        long begin = System.nanoTime();
        cluster.shell()
                .sh(
                        "docker run -d --name "
                                + name
                                + " busybox:1.37 sleep 60 && docker run -d --name "
                                + name
                                + "-c --network container:"
                                + name
                                + " busybox:1.37 sleep 60")
                .ok();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        cluster.shell().sh("docker rm -f " + name + "-c " + name).ok();
        return millis;
    }

    private long start() {
        cluster.shiplog("stop").ok();
        String server = cluster.status().path("kubeconfig").asText();
        String address = cluster.shell().sh("grep -o 'https://[0-9.:]*' " + server).ok().strip();
        long begin = System.nanoTime();
        try {
            cluster.shell()
                    .start(
                            List.of("setsid", cluster.launcher(), "daemon", "bench"),
                            new File(cluster.base().toFile(), "server.out"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        awaitPort(URI.create(address));
        cluster.shell().sh("curl -sk -o /dev/null " + address + "/livez").ok();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        Path endpoint = cluster.folder().resolve("server.json");
        Await.until(
                "the server's own word that it answers", () -> Files.exists(endpoint), is -> is);
        cluster.awaitReady();
        return millis;
    }

    /** Not by curl, which would take most of a core from what is measured. */
    private static void awaitPort(URI address) {
        Await.until(
                "a server at " + address,
                () -> {
                    try (Socket _ = new Socket(address.getHost(), address.getPort())) {
                        return true;
                    } catch (IOException e) {
                        return false;
                    }
                },
                open -> open,
                LOOK_EVERY);
    }

    private long residentMebibytes() throws IOException {
        JsonNode endpoint =
                Json.parse(Files.readString(cluster.folder().resolve("server.json"))).toNode();
        String status =
                cluster.shell()
                        .sh("grep VmRSS /proc/" + endpoint.path("pid").asLong() + "/status")
                        .ok();
        return Long.parseLong(status.replaceAll("\\D+", "")) / 1024;
    }

    private static long median(LongSupplier one) {
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            values.add(one.getAsLong());
        }
        return median(values);
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void print(String what, long value) {
        System.out.printf("%-90s %8d%n", what, value);
    }
}
