package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.LimitRange;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** LimitRange: what each pod and container of a namespace may and, unasked, does ask for. */
final class LimitRangeTable {
    private static final FieldPath LIMITS = FieldPath.of("spec", "limits");

    static final Kind KIND =
            new Kind(
                    GroupKind.LIMIT_RANGE,
                    "limitranges",
                    "limitrange",
                    List.of("limits"),
                    List.of(),
                    true,
                    "v1",
                    List.of("v1"),
                    true,
                    LimitRange.class,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Created At",
                                    "CreationTimestamp is a timestamp representing the server time"
                                            + " when this object was created.",
                                    range ->
                                            range.metadata()
                                                    .created()
                                                    .truncatedTo(ChronoUnit.SECONDS)
                                                    .toString())),
                    new LimitRangeRules());

    private LimitRangeTable() {}

    private static final class LimitRangeRules implements Rules {
        /** A container's default is its most, if nothing else is said; its request, its limit. */
        @Override
        public void setDefaults(ObjectNode document) {
            for (ObjectNode item : Defaults.objects(Defaults.object(document, "spec"), "limits")) {
                if (!item.path("type").asText().equals("Container")) {
                    continue;
                }
                fill(item, "default", "max");
                fill(item, "defaultRequest", "default");
                fill(item, "defaultRequest", "min");
            }
        }

        private static void fill(ObjectNode item, String to, String from) {
            for (Map.Entry<String, JsonNode> entry : item.path(from).properties()) {
                Defaults.put(Defaults.object(item, to), entry.getKey(), entry.getValue());
            }
        }

        @Override
        public void validate(ObjectNode document, Findings findings) {
            JsonNode items = document.path("spec").path("limits");
            Set<String> types = new TreeSet<>();
            for (int i = 0; i < items.size(); i++) {
                FieldPath path = LIMITS.item(i);
                String type = items.get(i).path("type").asText();
                if (type.isEmpty()) {
                    findings.required(path.child("type"), "");
                } else if (!types.add(type)) {
                    findings.duplicate(path.child("type"), Check.quoted(type));
                }
                item(items.get(i), type, path, findings);
            }
        }

        private static void item(JsonNode item, String type, FieldPath path, Findings findings) {
            if (type.equals("Pod")) {
                for (String name : List.of("default", "defaultRequest")) {
                    if (!item.path(name).isEmpty()) {
                        findings.forbidden(
                                path.child(name), "may not be specified when `type` is 'Pod'");
                    }
                }
            }
            order(item, "min", "max", path, findings);
            order(item, "min", "defaultRequest", path, findings);
            order(item, "defaultRequest", "max", path, findings);
            order(item, "default", "max", path, findings);
            order(item, "min", "default", path, findings);
            order(item, "defaultRequest", "default", path, findings);
            for (Map.Entry<String, JsonNode> ratio :
                    item.path("maxLimitRequestRatio").properties()) {
                Optional<QuantityValue> amount = QuantityValue.parse(ratio.getValue().asText());
                if (amount.filter(value -> value.amount().intValue() < 1).isPresent()) {
                    findings.invalid(
                            path.child("maxLimitRequestRatio", ratio.getKey()),
                            ratio.getValue().toString(),
                            "ratio " + ratio.getValue().asText() + " is less than 1");
                }
            }
        }

        /** Where both are said, the one must not be more than the other. */
        private static void order(
                JsonNode item, String less, String more, FieldPath path, Findings findings) {
            for (Map.Entry<String, JsonNode> entry : item.path(less).properties()) {
                Optional<QuantityValue> low = QuantityValue.parse(entry.getValue().asText());
                Optional<QuantityValue> high =
                        QuantityValue.parse(item.path(more).path(entry.getKey()).asText());
                if (low.isPresent() && high.isPresent() && low.get().compareTo(high.get()) > 0) {
                    findings.invalid(
                            path.child(less, entry.getKey()),
                            entry.getValue().toString(),
                            "%s value %s is greater than %s value %s"
                                    .formatted(words(less), low.get(), words(more), high.get()));
                }
            }
        }

        private static String words(String name) {
            return name.equals("defaultRequest") ? "default request" : name;
        }
    }
}
