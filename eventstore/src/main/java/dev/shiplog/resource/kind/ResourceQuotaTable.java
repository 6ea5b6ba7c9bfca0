package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.ResourceQuota;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** ResourceQuota: how much of the cluster a namespace may ask for. */
final class ResourceQuotaTable {
    private static final FieldPath SPEC = FieldPath.of("spec");

    /** Resources that are named without a group. */
    private static final Set<String> PLAIN =
            Set.of(
                    "cpu",
                    "memory",
                    "ephemeral-storage",
                    "pods",
                    "services",
                    "replicationcontrollers",
                    "resourcequotas",
                    "secrets",
                    "configmaps",
                    "persistentvolumeclaims",
                    "services.nodeports",
                    "services.loadbalancers",
                    "requests.cpu",
                    "requests.memory",
                    "requests.storage",
                    "requests.ephemeral-storage",
                    "limits.cpu",
                    "limits.memory",
                    "limits.ephemeral-storage");

    private static final List<String> SCOPES =
            List.of(
                    "BestEffort",
                    "CrossNamespacePodAffinity",
                    "NotBestEffort",
                    "NotTerminating",
                    "PriorityClass",
                    "Terminating");

    static final Kind KIND =
            new Kind(
                    GroupKind.RESOURCE_QUOTA,
                    "resourcequotas",
                    "resourcequota",
                    List.of("quota"),
                    List.of(),
                    true,
                    "v1",
                    List.of("v1"),
                    true,
                    ResourceQuota.class,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Request",
                                    "Request represents a minimum amount of cpu/memory that a"
                                            + " container may consume.",
                                    quota -> used(quota, false)),
                            Cells.text(
                                    "Limit",
                                    "Limits control the maximum amount of cpu/memory that a container"
                                            + " may use independent of contention on the node.",
                                    quota -> used(quota, true)),
                            Cells.age()),
                    new ResourceQuotaRules());

    private ResourceQuotaTable() {}

    /** {@code pods: 1/10, requests.cpu: 0/4}: what is used of what may be, sorted. */
    private static String used(Resource quota, boolean limits) {
        JsonNode status = quota.status().toNode();
        Set<String> names = new TreeSet<>();
        status.path("hard").properties().forEach(entry -> names.add(entry.getKey()));
        return names.stream()
                .filter(name -> name.startsWith("limits") == limits)
                .map(name ->
                        name
                                + ": "
                                + amount(status.path("used"), name)
                                + "/"
                                + amount(status.path("hard"), name))
                .collect(Collectors.joining(", "));
    }

    private static String amount(JsonNode amounts, String name) {
        return Cells.orElse(amounts.path(name).asText(), "0");
    }

    private static final class ResourceQuotaRules implements Rules {
        @Override
        public void validate(ObjectNode document, Findings findings) {
            JsonNode spec = document.path("spec");
            FieldPath hard = SPEC.child("hard");
            for (Map.Entry<String, JsonNode> entry : spec.path("hard").properties()) {
                name(entry.getKey(), hard, findings);
                Optional<QuantityValue> amount = QuantityValue.parse(entry.getValue().asText());
                if (amount.filter(QuantityValue::isNegative).isPresent()) {
                    findings.errorAtKey(
                            hard.child(entry.getKey()),
                            "spec.hard[%s]: Invalid value: %s: must be greater than or equal to 0"
                                    .formatted(entry.getKey(), entry.getValue()));
                }
            }
            JsonNode scopes = spec.path("scopes");
            for (int i = 0; i < scopes.size(); i++) {
                Check.oneOf(scopes.get(i), SPEC.child("scopes"), SCOPES, findings);
            }
        }

        private static void name(String name, FieldPath hard, Findings findings) {
            String problem =
                    PLAIN.contains(name)
                                    || name.startsWith("count/")
                                    || name.startsWith("requests.")
                                    || name.startsWith("limits.")
                                    || name.startsWith("hugepages-")
                            ? ""
                            : name.contains("/")
                                    ? String.join("; ", Names.qualified(name))
                                    : "must be a standard resource for quota";
            if (!problem.isEmpty()) {
                findings.errorAtKey(
                        hard.child(name),
                        "spec.hard[%s]: Invalid value: \"%s\": %s".formatted(name, name, problem));
            }
        }

        @Override
        public void validateUpdate(ObjectNode before, ObjectNode after, Findings findings) {
            if (!before.path("spec").path("scopes").equals(after.path("spec").path("scopes"))) {
                findings.invalid(
                        SPEC.child("scopes"),
                        after.path("spec").path("scopes").toString(),
                        "field is immutable");
            }
        }

        @Override
        public void warn(ObjectNode document, Findings findings) {
            JsonNode spec = document.path("spec");
            for (JsonNode scope : spec.path("scopes")) {
                if (List.of("PriorityClass", "CrossNamespacePodAffinity")
                        .contains(scope.asText())) {
                    findings.warning(
                            SPEC.child("scopes"),
                            "spec.scopes: "
                                    + scope.asText()
                                    + " is not acted on yet in this version");
                }
            }
            if (spec.has("scopeSelector")) {
                findings.warning(
                        SPEC.child("scopeSelector"),
                        "spec.scopeSelector is not acted on yet in this version");
            }
        }
    }
}
