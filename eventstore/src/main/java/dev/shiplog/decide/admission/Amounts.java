package dev.shiplog.decide.admission;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.kind.QuantityValue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads and adds quantities. */
final class Amounts {
    private Amounts() {}

    static Optional<QuantityValue> of(JsonNode amounts, String resource) {
        return QuantityValue.parse(amounts.path(resource).asText());
    }

    static QuantityValue count(long number) {
        return new QuantityValue(
                BigDecimal.valueOf(number).setScale(9), QuantityValue.Format.DECIMAL);
    }

    static QuantityValue plus(QuantityValue one, QuantityValue other) {
        QuantityValue.Format format = one.amount().signum() == 0 ? other.format() : one.format();
        return new QuantityValue(one.amount().add(other.amount()), format);
    }

    /**
     * What a pod asks for: the sum of its containers, or what one init container needs if that is
     * more.
     *
     * @param member {@code requests} or {@code limits}
     */
    static SortedMap<String, QuantityValue> ofPod(JsonNode spec, String member) {
        SortedMap<String, QuantityValue> sum = new TreeMap<>();
        for (JsonNode container : spec.path("containers")) {
            for (Map.Entry<String, JsonNode> amount :
                    container.path("resources").path(member).properties()) {
                QuantityValue.parse(amount.getValue().asText())
                        .ifPresent(value -> sum.merge(amount.getKey(), value, Amounts::plus));
            }
        }
        for (JsonNode container : spec.path("initContainers")) {
            for (Map.Entry<String, JsonNode> amount :
                    container.path("resources").path(member).properties()) {
                QuantityValue.parse(amount.getValue().asText())
                        .ifPresent(value ->
                                sum.merge(
                                        amount.getKey(),
                                        value,
                                        (one, other) -> one.compareTo(other) >= 0 ? one : other));
            }
        }
        return sum;
    }

    static List<JsonNode> containers(JsonNode spec) {
        List<JsonNode> containers = new ArrayList<>();
        spec.path("initContainers").forEach(containers::add);
        spec.path("containers").forEach(containers::add);
        return containers;
    }
}
