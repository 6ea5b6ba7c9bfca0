package dev.shiplog.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.SchedulerCommand.Binding;
import dev.shiplog.placement.Amounts;
import dev.shiplog.placement.NodeFacts;
import dev.shiplog.resource.Deletion;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import dev.shiplog.state.ClusterState;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

class FiltersTest {
    private static final String READY = "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]";
    private static final String SIZE =
            "\"allocatable\":{\"cpu\":\"2\",\"memory\":\"4Gi\",\"pods\":\"2\"}";

    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                               | {} | ",
                "{}                                               | {'unschedulable':true} | node(s) were unschedulable",
                "{'tolerations':[{'operator':'Exists'}]}          | {'unschedulable':true} | ",
                "{}                                               | {'taints':[{'key':'gpu','value':'yes','effect':'NoSchedule'}]} | node(s) had untolerated taint {gpu: yes}",
                "{}                                               | {'taints':[{'key':'gpu','effect':'PreferNoSchedule'}]} | ",
                "{'tolerations':[{'key':'gpu','value':'yes'}]}    | {'taints':[{'key':'gpu','value':'yes','effect':'NoExecute'}]} | ",
                "{'tolerations':[{'key':'gpu','value':'no'}]}     | {'taints':[{'key':'gpu','value':'yes','effect':'NoExecute'}]} | node(s) had untolerated taint {gpu: yes}",
                "{'nodeSelector':{'disk':'ssd'}}                  | {} | ",
                "{'nodeSelector':{'disk':'hdd'}}                  | {} | node(s) didn't match Pod's node affinity/selector",
                "{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'disk','operator':'In','values':['ssd']}]}]}}}} | {} | ",
                "{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'disk','operator':'NotIn','values':['ssd']}]}]}}}} | {} | node(s) didn't match Pod's node affinity/selector",
                "{'containers':[{'resources':{'requests':{'cpu':'2'}}}]}     | {} | ",
                "{'containers':[{'resources':{'requests':{'cpu':'2001m'}}}]} | {} | Insufficient cpu",
                "{'containers':[{'resources':{'limits':{'cpu':'3'}}}]}       | {} | Insufficient cpu",
                "{'containers':[{'resources':{'requests':{'cpu':'3','memory':'5Gi'}}}]} | {} | Insufficient cpu, Insufficient memory",
                "{'initContainers':[{'resources':{'requests':{'memory':'5Gi'}}}]} | {} | Insufficient memory",
                "{'containers':[{'resources':{'requests':{'a.io/gpu':'1'}}}]} | {} | Insufficient a.io/gpu",
            })
    void eachFilterSaysWhy(String pod, String node, String objection) {
        assertEquals(
                objection == null ? "" : objection,
                String.join(", ", objections(pod("p", pod), node("n", node, READY))));
    }

    @Test
    void aNodeThatIsNotReadyIsRefused() {
        assertEquals(
                List.of("node(s) were not ready"),
                objections(pod("p", "{}"), node("n", "{}", "\"x\":1")));
    }

    @Test
    void podsAndHostPortsAreTakenOnce() {
        NodeLoad node = node("n", "{}", READY);
        PodDemand web = pod("a", "{'containers':[{'ports':[{'hostPort':80}]}]}");
        node.add(web);
        assertEquals(
                List.of("node(s) didn't have free ports for the requested pod ports"),
                objections(
                        pod(
                                "b",
                                "{'containers':[{'ports':[{'hostPort':80,'hostIP':'10.0.0.1'}]}]}"),
                        node));
        assertEquals(
                List.of(),
                objections(
                        pod("b", "{'containers':[{'ports':[{'hostPort':80,'protocol':'UDP'}]}]}"),
                        node));
        node.add(pod("c", "{}"));
        assertEquals(List.of("Too many pods"), objections(pod("d", "{}"), node));
        assertTrue(node.remove(web.uid()));
        assertEquals(List.of(), objections(pod("d", "{}"), node));
        assertEquals(1, node.requested().get(Amounts.PODS));
    }

    @Test
    void objectionsAreCountedAndSortedAsKubernetesDoes() {
        Placement placement =
                place(
                        List.of(
                                pod(
                                        "p",
                                        "{'containers':[{'resources':{'requests':{'cpu':'9'}}}]}")),
                        List.of(
                                node("a", "{'unschedulable':true}", READY),
                                node("b", "{}", READY),
                                node("c", "{}", READY)));
        assertEquals(
                "0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu."
                        + " preemption: 0/3 nodes are available: 3 Preemption is not helpful for"
                        + " scheduling.",
                placement.rejections().getFirst().message());
        assertEquals(
                Map.of("Insufficient cpu", 2, "node(s) were unschedulable", 1),
                placement.rejections().getFirst().objections());
        assertEquals(
                "no nodes available to schedule pods",
                place(List.of(pod("p", "{}")), List.of()).rejections().getFirst().message());
    }

    @Test
    void onePassSpreadsAndRespectsWhatItPlacedItself() {
        List<PodDemand> pods = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            pods.add(pod("p" + i, "{}"));
        }
        Placement placement =
                place(
                        pods,
                        List.of(
                                node("a", "{}", READY),
                                node("b", "{}", READY),
                                node("c", "{}", READY)));
        Map<NodeName, Long> counts =
                placement.bindings().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Binding::node, TreeMap::new, Collectors.counting()));
        assertEquals(List.of(2L, 2L, 2L), List.copyOf(counts.values()));
        assertEquals("a", placement.bindings().getFirst().node().value());
        assertEquals(
                "0/3 nodes are available: 3 Too many pods. preemption: 0/3 nodes are available:"
                        + " 3 No preemption victims found for incoming pod.",
                placement.rejections().getFirst().message());
    }

    private static List<String> objections(PodDemand pod, NodeLoad node) {
        return Filters.objections(pod, node, Neighbourhood.INDIFFERENT).stream()
                .map(Objection::text)
                .toList();
    }

    private static Placement place(List<PodDemand> pods, List<NodeLoad> nodes) {
        return Placement.of(pods, nodes, ClusterState.EMPTY, Map.of());
    }

    private static PodDemand pod(String name, String spec) {
        return PodDemand.of(
                resource(
                        ResourceKey.pod("default", name),
                        "{\"spec\":" + spec.replace('\'', '"') + "}",
                        "{}"));
    }

    private static NodeLoad node(String name, String spec, String status) {
        return new NodeLoad(
                NodeFacts.of(
                        resource(
                                ResourceKey.node(new NodeName(name)),
                                "{\"spec\":" + spec.replace('\'', '"') + "}",
                                "{" + SIZE + "," + status + "}")));
    }

    private static Resource resource(ResourceKey key, String body, String status) {
        TreeMap<String, String> labels = new TreeMap<>(Map.of("disk", "ssd"));
        OwnerReference owner =
                new OwnerReference("apps/v1", "ReplicaSet", "rs", new Uid("rs"), true, true);
        Metadata metadata =
                new Metadata(
                        new Uid(key.toString()),
                        1,
                        Instant.EPOCH,
                        labels,
                        new TreeMap<>(),
                        List.of(owner),
                        List.of(),
                        Optional.<Deletion>empty());
        return new Resource(
                key, "v1", metadata, Json.parse(body), Json.parse(status), Position.ORIGIN);
    }
}
