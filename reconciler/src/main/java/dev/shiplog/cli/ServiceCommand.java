package dev.shiplog.cli;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code shiplog service}: where a Service is answered on this machine. */
@Command(
        name = "service",
        mixinStandardHelpOptions = true,
        description = {
            "Print the URL of each node port of a Service, and open it in a browser where there is"
                    + " one.",
            "Without NAME, list the Services and their URLs."
        })
final class ServiceCommand implements Callable<Integer> {
    private static final Duration ASK = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final int HTTPS = 443;

    @Mixin private final ProfileOption profile = new ProfileOption();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The Service.")
    private @Nullable String name;

    @Option(
            names = {"-n", "--namespace"},
            description =
                    "Its namespace (default: default); without NAME, only Services of this one.")
    private @Nullable String given;

    @Option(names = "--url", description = "Only print, open nothing.")
    private boolean url;

    @Option(
            names = "--wait",
            defaultValue = "30",
            paramLabel = "SECONDS",
            description =
                    "How long to wait until a pod stands behind it (default: ${DEFAULT-VALUE}).")
    private int waitSeconds = 30;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Endpoint endpoint = profile.running();
        Profile chosen = profile.profile();
        PrintWriter out = spec.commandLine().getOut();
        try (ServerClient client = ServerClient.open(chosen, endpoint)) {
            if (name == null) {
                list(client, out, given);
                return 0;
            }
            List<String> urls = urls(service(client, name), node(client));
            awaitEndpoint(client, name);
            urls.forEach(out::println);
            out.flush();
            if (!url) {
                open(urls);
            }
        }
        return 0;
    }

    private String namespace() {
        return given == null ? "default" : given;
    }

    private JsonNode service(ServerClient client, String wanted) {
        JsonNode service =
                client.get("/api/v1/namespaces/" + namespace() + "/services/" + wanted, ASK);
        String type = service.path("spec").path("type").asText();
        if (!type.equals("NodePort") && !type.equals("LoadBalancer")) {
            throw new CommandFailure(
                    "expected a Service of type NodePort or LoadBalancer, found "
                            + wanted
                            + " of type "
                            + type
                            + ", which is answered inside the cluster only: kubectl -n "
                            + namespace()
                            + " port-forward service/"
                            + wanted
                            + " 8080:"
                            + service.path("spec").path("ports").path(0).path("port").asInt()
                            + ", or give it a node port: kubectl -n "
                            + namespace()
                            + " patch service "
                            + wanted
                            + " -p '{\"spec\":{\"type\":\"NodePort\"}}'");
        }
        return service;
    }

    /** An address of a node that is Ready. */
    private static String node(ServerClient client) {
        for (JsonNode node : client.get("/api/v1/nodes", ASK).path("items")) {
            boolean ready = false;
            for (JsonNode condition : node.path("status").path("conditions")) {
                ready |=
                        condition.path("type").asText().equals("Ready")
                                && condition.path("status").asText().equals("True");
            }
            for (JsonNode address : node.path("status").path("addresses")) {
                if (ready && address.path("type").asText().equals("InternalIP")) {
                    return address.path("address").asText();
                }
            }
        }
        throw new CommandFailure("expected a node that is Ready, found none: kubectl get nodes");
    }

    private static List<String> urls(JsonNode service, String node) {
        List<String> urls = new ArrayList<>();
        for (JsonNode port : service.path("spec").path("ports")) {
            if (port.path("nodePort").asInt() > 0) {
                urls.add(scheme(port) + "://" + node + ":" + port.path("nodePort").asInt());
            }
        }
        return urls;
    }

    /** What a port probably speaks, by its name, its number and its protocol. */
    private static String scheme(JsonNode port) {
        String protocol = port.path("protocol").asText("TCP");
        if (!protocol.equals("TCP")) {
            return protocol.toLowerCase(java.util.Locale.ROOT);
        }
        boolean secure =
                port.path("name").asText().startsWith("https")
                        || port.path("port").asInt() == HTTPS;
        return secure ? "https" : "http";
    }

    private void awaitEndpoint(ServerClient client, String wanted) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
        boolean told = false;
        while (!answered(client, wanted)) {
            if (System.nanoTime() >= deadline) {
                throw new CommandFailure(
                        "no ready pod stands behind service "
                                + wanted
                                + " within "
                                + waitSeconds
                                + " s: kubectl -n "
                                + namespace()
                                + " describe service "
                                + wanted
                                + " shows its selector, kubectl -n "
                                + namespace()
                                + " get pods --show-labels who fits");
            }
            if (!told) {
                told = true;
                spec.commandLine()
                        .getErr()
                        .println("waiting until a ready pod stands behind " + wanted + " …");
                spec.commandLine().getErr().flush();
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    private boolean answered(ServerClient client, String wanted) {
        String path =
                "/apis/discovery.k8s.io/v1/namespaces/"
                        + namespace()
                        + "/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D"
                        + wanted;
        for (JsonNode slice : client.get(path, ASK).path("items")) {
            for (JsonNode endpoint : slice.path("endpoints")) {
                if (endpoint.path("conditions").path("ready").asBoolean()) {
                    return true;
                }
            }
        }
        return false;
    }

    private void open(List<String> urls) {
        Optional<String> first =
                urls.stream().filter(address -> address.startsWith("http")).findFirst();
        first.ifPresent(Browser::open);
    }

    private static void list(ServerClient client, PrintWriter out, @Nullable String only) {
        String path =
                only == null ? "/api/v1/services" : "/api/v1/namespaces/" + only + "/services";
        String node = node(client);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAMESPACE", "NAME", "TYPE", "URL"));
        for (JsonNode service : client.get(path, ASK).path("items")) {
            List<String> urls = urls(service, node);
            rows.add(
                    List.of(
                            service.path("metadata").path("namespace").asText(),
                            service.path("metadata").path("name").asText(),
                            service.path("spec").path("type").asText(),
                            urls.isEmpty() ? "<none>" : String.join(" ", urls)));
        }
        TextTable.print(rows, out);
        out.flush();
    }
}
