package dev.shiplog.controller.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.kind.DefaultTolerations;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The taints that follow from how a node is, as in Kubernetes. Those of its users stay; one that
 * drives pods away gets the time from which pods count their patience.
 */
final class Taints {
    static final String NO_EXECUTE = "NoExecute";
    private static final String NO_SCHEDULE = "NoSchedule";
    private static final String PREFIX = "node.kubernetes.io/";
    private static final String UNSCHEDULABLE = PREFIX + "unschedulable";

    /** Conditions that are bad if true, and the taints that follow. */
    private static final List<String[]> PRESSURES =
            List.of(
                    new String[] {"MemoryPressure", PREFIX + "memory-pressure"},
                    new String[] {"DiskPressure", PREFIX + "disk-pressure"},
                    new String[] {"PIDPressure", PREFIX + "pid-pressure"});

    private static final Set<String> OURS =
            Set.of(
                    DefaultTolerations.NOT_READY,
                    DefaultTolerations.UNREACHABLE,
                    UNSCHEDULABLE,
                    PRESSURES.get(0)[1],
                    PRESSURES.get(1)[1],
                    PRESSURES.get(2)[1]);

    private Taints() {}

    /** Key and effect: what tells taints of a node apart. */
    private record Wanted(String key, String effect) {}

    /** A node's body with the taints that it should have. */
    static Json body(Resource node, Instant now) {
        Set<Wanted> wanted = wanted(node);
        List<JsonNode> taints = new ArrayList<>();
        for (JsonNode taint : node.body().toNode().path("spec").path("taints")) {
            Wanted same = new Wanted(taint.path("key").asText(), taint.path("effect").asText());
            if (!OURS.contains(same.key()) || wanted.remove(same)) {
                taints.add(timed(taint, now));
            }
        }
        for (Wanted fresh : wanted) {
            taints.add(
                    timed(
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("effect", fresh.effect())
                                    .put("key", fresh.key()),
                            now));
        }
        List<JsonNode> before = new ArrayList<>();
        node.body().toNode().path("spec").path("taints").forEach(before::add);
        if (taints.equals(before)) {
            return node.body();
        }
        ObjectNode body = node.body().toObject();
        ObjectNode spec = body.withObjectProperty("spec");
        spec.remove("taints");
        if (!taints.isEmpty()) {
            ArrayNode list = spec.putArray("taints");
            taints.forEach(list::add);
        }
        return Json.of(body);
    }

    private static JsonNode timed(JsonNode taint, Instant now) {
        if (!taint.path("effect").asText().equals(NO_EXECUTE) || taint.has("timeAdded")) {
            return taint;
        }
        ObjectNode timed = taint.deepCopy();
        return timed.put("timeAdded", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static Set<Wanted> wanted(Resource node) {
        Set<Wanted> wanted = new LinkedHashSet<>();
        switch (condition(node, "Ready")) {
            case "False" -> {
                wanted.add(new Wanted(DefaultTolerations.NOT_READY, NO_SCHEDULE));
                wanted.add(new Wanted(DefaultTolerations.NOT_READY, NO_EXECUTE));
            }
            case "Unknown" -> {
                wanted.add(new Wanted(DefaultTolerations.UNREACHABLE, NO_SCHEDULE));
                wanted.add(new Wanted(DefaultTolerations.UNREACHABLE, NO_EXECUTE));
            }
            default -> {
                // Ready, or it has not said yet.
            }
        }
        for (String[] pressure : PRESSURES) {
            if (condition(node, pressure[0]).equals("True")) {
                wanted.add(new Wanted(pressure[1], NO_SCHEDULE));
            }
        }
        if (node.body().toNode().path("spec").path("unschedulable").asBoolean()) {
            wanted.add(new Wanted(UNSCHEDULABLE, NO_SCHEDULE));
        }
        return wanted;
    }

    /** The status of a node's condition; empty if it has no such. */
    static String condition(Resource node, String type) {
        for (JsonNode condition : node.status().toNode().path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText();
            }
        }
        return "";
    }
}
