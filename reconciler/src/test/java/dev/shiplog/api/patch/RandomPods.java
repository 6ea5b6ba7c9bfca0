package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Pods out of few names and values, so that two of them overlap. */
final class RandomPods {
    private RandomPods() {}

    static ObjectNode pod(Random random) {
        ObjectNode pod =
                Trees.tree("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{}}");
        ObjectNode metadata = (ObjectNode) pod.get("metadata");
        ObjectNode labels = metadata.putObject("labels");
        for (String name : some(random, "l1", "l2", "l3", "l4")) {
            labels.put(name, value(random));
        }
        if (labels.isEmpty()) {
            metadata.remove("labels");
        }
        List<String> finalizers = some(random, "f1", "f2", "f3");
        if (!finalizers.isEmpty()) {
            finalizers.forEach(metadata.putArray("finalizers")::add);
        }
        ObjectNode spec = (ObjectNode) pod.get("spec");
        if (random.nextBoolean()) {
            spec.put("nodeName", value(random));
        }
        ArrayNode containers = spec.putArray("containers");
        for (String name : some(random, "c1", "c2", "c3")) {
            containers.add(container(random, name));
        }
        if (containers.isEmpty()) {
            containers.add(container(random, "c0"));
        }
        return pod;
    }

    private static ObjectNode container(Random random, String name) {
        ObjectNode container = Trees.tree("{'name':'" + name + "'}");
        if (random.nextBoolean()) {
            container.put("image", value(random));
        }
        List<String> variables = some(random, "e1", "e2", "e3");
        if (!variables.isEmpty()) {
            ArrayNode env = container.putArray("env");
            variables.forEach(
                    variable -> env.addObject().put("name", variable).put("value", value(random)));
        }
        if (random.nextBoolean()) {
            container.putArray("args").add(value(random));
        }
        return container;
    }

    private static String value(Random random) {
        return "v" + random.nextInt(3);
    }

    private static List<String> some(Random random, String... names) {
        List<String> all = new ArrayList<>(List.of(names));
        Collections.shuffle(all, random);
        return all.subList(0, random.nextInt(all.size() + 1));
    }
}
