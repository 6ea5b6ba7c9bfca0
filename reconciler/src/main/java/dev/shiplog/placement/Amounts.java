package dev.shiplog.placement;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.api.model.Quantity;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Amounts of resources by name, such as {@code cpu} (in thousandths of a core) and {@code memory}
 * (in bytes); other names in their own unit. An amount that is not there is 0.
 */
public record Amounts(SortedMap<String, Long> values) {
    public static final String CPU = "cpu";
    public static final String MEMORY = "memory";
    public static final String PODS = "pods";

    public static final Amounts NONE = new Amounts(new TreeMap<>());

    /** Reads a map of quantities, such as {@code requests} or {@code allocatable}. */
    public static Amounts of(JsonNode quantities) {
        SortedMap<String, Long> values = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : quantities.properties()) {
            values.put(entry.getKey(), amount(entry.getKey(), new Quantity(entry.getValue().asText())));
        }
        return new Amounts(values);
    }

    static Amounts of(Map<String, Quantity> quantities) {
        SortedMap<String, Long> values = new TreeMap<>();
        quantities.forEach((name, quantity) -> values.put(name, amount(name, quantity)));
        return new Amounts(values);
    }

    private static long amount(String name, Quantity quantity) {
        BigDecimal amount = Quantity.getAmountInBytes(quantity);
        if (name.equals(CPU)) {
            amount = amount.movePointRight(3);
        }
        return amount.setScale(0, RoundingMode.CEILING).longValue();
    }

    /** One amount, in the unit of its resource. */
    public static long of(String name, String quantity) {
        return amount(name, new Quantity(quantity));
    }

    /** An amount as Kubernetes writes it. */
    public static String text(String name, long amount) {
        return name.equals(CPU) && amount % 1000 != 0
                ? amount + "m"
                : Long.toString(name.equals(CPU) ? amount / 1000 : amount);
    }

    public long get(String name) {
        return values.getOrDefault(name, 0L);
    }

    public Amounts plus(Amounts other) {
        return combined(other, Long::sum);
    }

    public Amounts minus(Amounts other) {
        SortedMap<String, Long> result = new TreeMap<>(values);
        other.values.forEach((name, amount) -> result.merge(name, -amount, Long::sum));
        result.values().removeIf(amount -> amount == 0);
        return new Amounts(result);
    }

    public Amounts max(Amounts other) {
        return combined(other, Long::max);
    }

    private Amounts combined(
            Amounts other, java.util.function.BiFunction<Long, Long, Long> combination) {
        if (other.values.isEmpty()) {
            return this;
        }
        if (values.isEmpty()) {
            return other;
        }
        SortedMap<String, Long> result = new TreeMap<>(values);
        other.values.forEach((name, amount) -> result.merge(name, amount, combination));
        return new Amounts(result);
    }
}
