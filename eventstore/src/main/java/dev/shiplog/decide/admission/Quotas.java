package dev.shiplog.decide.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.resource.kind.QuantityValue;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The ResourceQuotas of a namespace, and what they count (k8s.io/apiserver, plugin resourcequota,
 * for its words). What is used is counted afresh from the state, never taken from a status that may
 * be late.
 */
public final class Quotas {
    /** Kinds that may be counted by their plural alone. */
    private static final List<String> PLAIN =
            List.of(
                    "pods",
                    "services",
                    "replicationcontrollers",
                    "resourcequotas",
                    "secrets",
                    "configmaps",
                    "persistentvolumeclaims");

    private final List<Quota> quotas;

    private record Quota(
            Resource resource,
            SortedMap<String, QuantityValue> hard,
            SortedMap<String, QuantityValue> used) {}

    private Quotas(List<Quota> quotas) {
        this.quotas = quotas;
    }

    static Quotas of(ClusterState state, String namespace) {
        if (namespace.isEmpty()) {
            return new Quotas(List.of());
        }
        List<Quota> quotas = new ArrayList<>();
        for (Resource resource : state.resources(GroupKind.RESOURCE_QUOTA, namespace)) {
            quotas.add(new Quota(resource, hard(resource), used(state, resource)));
        }
        return new Quotas(quotas);
    }

    /** The status of a quota: what may be, and what is. */
    public static Json status(ClusterState state, Resource quota) {
        ObjectNode status = Json.EMPTY.toObject();
        ObjectNode hard = status.putObject("hard");
        hard(quota).forEach((name, amount) -> hard.put(name, amount.toString()));
        ObjectNode used = status.putObject("used");
        used(state, quota).forEach((name, amount) -> used.put(name, amount.toString()));
        return Json.of(status);
    }

    private static SortedMap<String, QuantityValue> hard(Resource quota) {
        SortedMap<String, QuantityValue> hard = new TreeMap<>();
        quota.body()
                .toNode()
                .path("spec")
                .path("hard")
                .properties()
                .forEach(entry ->
                        QuantityValue.parse(entry.getValue().asText())
                                .ifPresent(amount -> hard.put(entry.getKey(), amount)));
        return hard;
    }

    private static SortedMap<String, QuantityValue> used(ClusterState state, Resource quota) {
        SortedMap<String, QuantityValue> used = new TreeMap<>();
        SortedMap<String, QuantityValue> hard = hard(quota);
        hard.keySet().forEach(name -> used.put(name, Amounts.count(0)));
        for (Kind kind : Kinds.all()) {
            if (!kind.namespaced() || !counts(hard, kind)) {
                continue;
            }
            for (Resource resource : state.resources(kind.groupKind(), quota.key().namespace())) {
                if (!over(resource)) {
                    usage(quota, hard, kind, resource.body().toNode())
                            .forEach((name, amount) -> used.merge(name, amount, Amounts::plus));
                }
            }
        }
        return used;
    }

    /** A pod that has ended uses nothing any more. */
    private static boolean over(Resource resource) {
        if (!resource.key().kind().equals(GroupKind.POD)) {
            return false;
        }
        String phase = resource.status().toNode().path("phase").asText();
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private static boolean counts(SortedMap<String, QuantityValue> hard, Kind kind) {
        return kind.groupKind().equals(GroupKind.POD)
                || hard.containsKey(counted(kind))
                || hard.containsKey(kind.plural());
    }

    private static String counted(Kind kind) {
        String group = kind.groupKind().group();
        return "count/" + kind.plural() + (group.isEmpty() ? "" : "." + group);
    }

    /** What one object uses of what a quota limits. */
    private static SortedMap<String, QuantityValue> usage(
            Resource quota, SortedMap<String, QuantityValue> hard, Kind kind, JsonNode body) {
        SortedMap<String, QuantityValue> usage = new TreeMap<>();
        boolean pod = kind.groupKind().equals(GroupKind.POD);
        if (pod && !inScope(quota, body.path("spec"))) {
            return usage;
        }
        usage.put(counted(kind), Amounts.count(1));
        if (PLAIN.contains(kind.plural())) {
            usage.put(kind.plural(), Amounts.count(1));
        }
        if (pod) {
            JsonNode spec = body.path("spec");
            Amounts.ofPod(spec, "requests")
                    .forEach((name, amount) -> {
                        usage.put("requests." + name, amount);
                        usage.put(name, amount);
                    });
            Amounts.ofPod(spec, "limits")
                    .forEach((name, amount) -> usage.put("limits." + name, amount));
        } else if (kind.plural().equals("services")) {
            service(body.path("spec"), usage);
        }
        usage.keySet().retainAll(hard.keySet());
        return usage;
    }

    private static void service(JsonNode spec, SortedMap<String, QuantityValue> usage) {
        String type = spec.path("type").asText();
        if (type.equals("LoadBalancer")) {
            usage.put("services.loadbalancers", Amounts.count(1));
        }
        if (type.equals("NodePort") || type.equals("LoadBalancer")) {
            usage.put("services.nodeports", Amounts.count(spec.path("ports").size()));
        }
    }

    private static boolean inScope(Resource quota, JsonNode spec) {
        for (JsonNode scope : quota.body().toNode().path("spec").path("scopes")) {
            boolean in =
                    switch (scope.asText()) {
                        case "BestEffort" -> bestEffort(spec);
                        case "NotBestEffort" -> !bestEffort(spec);
                        case "Terminating" -> spec.path("activeDeadlineSeconds").isNumber();
                        case "NotTerminating" -> !spec.path("activeDeadlineSeconds").isNumber();
                        default -> true;
                    };
            if (!in) {
                return false;
            }
        }
        return true;
    }

    private static boolean bestEffort(JsonNode spec) {
        return Amounts.ofPod(spec, "requests").isEmpty() && Amounts.ofPod(spec, "limits").isEmpty();
    }

    /** Counts a new object, or says why it is too much. */
    Optional<String> charge(ResourceKey key, JsonNode body) {
        Optional<Kind> kind = Kinds.of(key.kind());
        if (kind.isEmpty() || quotas.isEmpty()) {
            return Optional.empty();
        }
        List<SortedMap<String, QuantityValue>> usages = new ArrayList<>();
        for (Quota quota : quotas) {
            SortedMap<String, QuantityValue> usage =
                    usage(quota.resource(), quota.hard(), kind.get(), body);
            Optional<String> objection = missing(quota, key, body).or(() -> exceeded(quota, usage));
            if (objection.isPresent()) {
                return objection;
            }
            usages.add(usage);
        }
        for (int i = 0; i < usages.size(); i++) {
            SortedMap<String, QuantityValue> used = quotas.get(i).used();
            usages.get(i).forEach((name, amount) -> used.merge(name, amount, Amounts::plus));
        }
        return Optional.empty();
    }

    /** Where an amount is limited, every container must say how much it takes. */
    private static Optional<String> missing(Quota quota, ResourceKey key, JsonNode body) {
        if (!key.kind().equals(GroupKind.POD) || !inScope(quota.resource(), body.path("spec"))) {
            return Optional.empty();
        }
        List<String> missing = new ArrayList<>();
        for (String name : quota.hard().keySet()) {
            String member = name.startsWith("limits.") ? "limits" : "requests";
            String resource = name.replaceFirst("^(limits|requests)\\.", "");
            if (!List.of("cpu", "memory").contains(resource)) {
                continue;
            }
            List<String> containers = new ArrayList<>();
            for (JsonNode container : Amounts.containers(body.path("spec"))) {
                if (!container.path("resources").path(member).has(resource)) {
                    containers.add(container.path("name").asText());
                }
            }
            if (!containers.isEmpty()) {
                missing.add(name + " for: " + String.join(",", containers));
            }
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "failed quota: "
                                + quota.resource().key().name()
                                + ": must specify "
                                + String.join("; ", missing));
    }

    private static Optional<String> exceeded(Quota quota, SortedMap<String, QuantityValue> usage) {
        SortedMap<String, QuantityValue> over = new TreeMap<>();
        usage.forEach((name, amount) -> {
            QuantityValue sum = Amounts.plus(used(quota, name), amount);
            QuantityValue most = quota.hard().get(name);
            if (most != null && sum.compareTo(most) > 0) {
                over.put(name, amount);
            }
        });
        if (over.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                "exceeded quota: "
                        + quota.resource().key().name()
                        + ", requested: "
                        + shown(over, over)
                        + ", used: "
                        + shown(over, quota.used())
                        + ", limited: "
                        + shown(over, quota.hard()));
    }

    private static QuantityValue used(Quota quota, String name) {
        return quota.used().getOrDefault(name, Amounts.count(0));
    }

    private static String shown(
            SortedMap<String, QuantityValue> names, Map<String, QuantityValue> amounts) {
        return names.keySet().stream()
                .map(name -> name + "=" + amounts.getOrDefault(name, Amounts.count(0)))
                .collect(Collectors.joining(","));
    }
}
