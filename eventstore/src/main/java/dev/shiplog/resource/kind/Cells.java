package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.shiplog.resource.Resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes columns, and words what several kinds print alike. */
final class Cells {
    static final String NONE = "<none>";
    static final String UNKNOWN = "<unknown>";

    private static final String NAME =
            "Name must be unique within a namespace. Is required when creating resources, although"
                    + " some resources may allow a client to request the generation of an"
                    + " appropriate name automatically. Name is primarily intended for creation"
                    + " idempotence and configuration definition. Cannot be updated. More info:"
                    + " https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";

    private static final String CREATED =
            "CreationTimestamp is a timestamp representing the server time when this object was"
                    + " created. It is not guaranteed to be set in happens-before order across"
                    + " separate operations. Clients may not set this value. It is represented in"
                    + " RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for"
                    + " lists. More info:"
                    + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

    private Cells() {}

    static Column name(int priority) {
        return new Column(
                "Name",
                "string",
                "name",
                NAME,
                priority,
                (resource, _) -> TextNode.valueOf(resource.key().name()));
    }

    static Column age() {
        return new Column(
                "Age",
                "string",
                "",
                CREATED,
                0,
                (resource, now) ->
                        TextNode.valueOf(since(Optional.of(resource.metadata().created()), now)));
    }

    /** When it was created, as a time: what Kubernetes prints of roles instead of an age. */
    static Column createdAt() {
        return new Column(
                "Created At",
                "date",
                "",
                CREATED,
                0,
                (resource, _) ->
                        TextNode.valueOf(
                                resource.metadata()
                                        .created()
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString()));
    }

    /** A column of text out of the typed view of a resource. */
    static <T> Column text(
            String name,
            int priority,
            String description,
            Class<T> model,
            BiFunction<T, Instant, String> text) {
        return new Column(
                name,
                "string",
                "",
                description,
                priority,
                (resource, now) ->
                        guarded(resource, model, view -> TextNode.valueOf(text.apply(view, now))));
    }

    static <T> Column text(
            String name,
            int priority,
            String description,
            Class<T> model,
            Function<T, String> text) {
        return text(name, priority, description, model, (view, _) -> text.apply(view));
    }

    /**
     * A column of a number.
     *
     * @param type as Kubernetes declares it, which is not always {@code integer}
     */
    static <T> Column number(
            String name,
            String type,
            int priority,
            String description,
            Class<T> model,
            Function<T, @Nullable Integer> number) {
        return new Column(
                name,
                type,
                "",
                description,
                priority,
                (resource, _) ->
                        guarded(
                                resource,
                                model,
                                view -> {
                                    Integer value = number.apply(view);
                                    return JsonNodeFactory.instance.numberNode(
                                            value == null ? 0L : value.longValue());
                                }));
    }

    /** A column of text out of the parts of a resource. */
    static Column text(String name, String description, Function<Resource, String> text) {
        return new Column(
                name,
                "string",
                "",
                description,
                0,
                (resource, _) -> TextNode.valueOf(text.apply(resource)));
    }

    /**
     * A table shows many resources at once: a document that does not fit its model, which only a
     * fault of ours can make, must not hide all the others.
     */
    private static <T> JsonNode guarded(
            Resource resource, Class<T> model, Function<T, JsonNode> cell) {
        try {
            return cell.apply(resource.as(model));
        } catch (RuntimeException _) {
            return TextNode.valueOf("<invalid>");
        }
    }

    /** How long ago an instant is; {@code <unknown>} for none. */
    static String since(Optional<Instant> instant, Instant now) {
        return instant.map(then -> HumanDuration.of(Duration.between(then, now))).orElse(UNKNOWN);
    }

    /** A timestamp of the API, RFC 3339; empty if there is none. */
    static Optional<Instant> instant(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    static String orElse(@Nullable String text, String other) {
        return text == null || text.isEmpty() ? other : text;
    }

    static int orZero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    static String containerNames(List<Container> containers) {
        return join(containers, Container::getName);
    }

    static String images(List<Container> containers) {
        return join(containers, Container::getImage);
    }

    private static String join(List<Container> containers, Function<Container, String> text) {
        return containers.stream()
                .map(container -> orElse(text.apply(container), ""))
                .collect(Collectors.joining(","));
    }

    /** Items that a cell shows; the rest are counted. */
    private static final int SHOWN = 3;

    /** The first few of some texts, and how many there are beside. */
    static String few(List<String> all) {
        return all.size() <= SHOWN
                ? String.join(",", all)
                : String.join(",", all.subList(0, SHOWN))
                        + " + "
                        + (all.size() - SHOWN)
                        + " more...";
    }

    /** {@code a=b,c=d}, sorted; {@code <none>} for none. */
    static String labels(@Nullable Map<String, String> labels) {
        if (labels == null || labels.isEmpty()) {
            return NONE;
        }
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
    }

    /** A selector in the syntax of {@code kubectl -l}, sorted by key. */
    static String selector(@Nullable LabelSelector selector) {
        if (selector == null) {
            return NONE;
        }
        Map<String, String> exact = selector.getMatchLabels();
        Stream<LabelSelectorRequirement> pairs =
                exact == null
                        ? Stream.empty()
                        : exact.entrySet().stream()
                                .map(pair ->
                                        new LabelSelectorRequirement(
                                                pair.getKey(), "=", List.of(pair.getValue())));
        String text =
                Stream.concat(pairs, selector.getMatchExpressions().stream())
                        .sorted(Comparator.comparing(LabelSelectorRequirement::getKey))
                        .map(Cells::requirement)
                        .collect(Collectors.joining(","));
        return orElse(text, NONE);
    }

    private static String requirement(LabelSelectorRequirement requirement) {
        String key = requirement.getKey();
        String values = requirement.getValues().stream().sorted().collect(Collectors.joining(","));
        return switch (requirement.getOperator()) {
            case "=" -> key + "=" + values;
            case "In" -> key + " in (" + values + ")";
            case "NotIn" -> key + " notin (" + values + ")";
            case "Exists" -> key;
            default -> "!" + key;
        };
    }
}
