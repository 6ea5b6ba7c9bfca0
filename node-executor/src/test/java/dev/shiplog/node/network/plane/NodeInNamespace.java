package dev.shiplog.node.network.plane;

import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.pod.Plug;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.resource.NodeName;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A node's network in a program of its own, which a test starts inside a network namespace: the
 * namespace is the machine.
 */
final class NodeInNamespace {
    private static final int PATIENCE_SECONDS = 120;

    private NodeInNamespace() {}

    /**
     * Reads what is to be done from the standard input, a line each, and answers each with a line;
     * ends with the input.
     *
     * @param args the run, the node's name, and each node as {@code name=address=range}
     */
    public static void main(String[] args) throws Exception {
        Subnet cluster = Subnet.parse("10.223.0.0/16");
        PodNetwork pods = PodNetwork.of(NetworkNames.of("test-" + args[0], args[1]), cluster);
        FakeView view = new FakeView();
        for (String node : List.of(args).subList(2, args.length)) {
            String[] parts = node.split("=", -1);
            view.node(parts[0], parts[1], parts[2]);
        }
        try (NodeNetwork network =
                new NodeNetwork(
                        pods,
                        "test-" + args[0],
                        new NodeName(args[1]),
                        view,
                        OptionalInt.empty())) {
            network.start();
            network.ready().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            System.out.println("ready");
            BufferedReader input =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println(done(line.split(" ", -1), pods, view));
            }
        }
    }

    private static String done(String[] words, PodNetwork pods, FakeView view) throws Exception {
        return switch (words[0]) {
            case "plug" -> {
                String address = pods.allocate();
                pods.plugIn(new Plug(words[1], address, List.of()), Path.of(words[2]));
                yield address;
            }
            case "service" -> {
                view.service(
                        "web",
                        "{\"type\":\"NodePort\",\"clusterIP\":\"%s\",\"ports\":[{\"port\":80,\"protocol\":\"TCP\",\"nodePort\":30080}]}"
                                .formatted(words[1]),
                        "{}");
                view.endpoints("web", 8080, "TCP", words[2]);
                yield "ok";
            }
            default -> throw new IllegalArgumentException(words[0]);
        };
    }
}
