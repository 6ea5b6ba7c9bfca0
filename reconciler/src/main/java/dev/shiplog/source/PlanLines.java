package dev.shiplog.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.event.Event;
import dev.shiplog.event.ResourceEvent.Effect;
import dev.shiplog.event.ResourceEvent.ResourceDeclared;
import dev.shiplog.event.ResourceEvent.ResourceWithdrawn;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.Declared;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Turns the events of a decision into the lines of a {@link Plan}. */
final class PlanLines {
    /** Differences named per object; the rest are counted. */
    private static final int MAX_CHANGES = 5;

    /** Characters of a value. */
    private static final int MAX_VALUE = 48;

    private final ClusterState state;
    private final List<String> lines = new ArrayList<>();
    private int created;
    private int changed;
    private int removed;
    private int restarting;

    PlanLines(ClusterState state) {
        this.state = state;
    }

    void add(Event event) {
        if (event instanceof ResourceDeclared e) {
            declared(e);
        } else if (event instanceof ResourceWithdrawn e) {
            withdrawn(e.key());
        }
    }

    Plan plan() {
        String summary =
                created + changed + removed == 0
                        ? "no object changes"
                        : created + " created, " + changed + " changed, " + removed + " removed";
        if (restarting > 0) {
            summary += ", " + counted(restarting, "pod") + " restarted";
        }
        return new Plan(summary, lines);
    }

    private void declared(ResourceDeclared e) {
        Optional<Before> before = before(e.key());
        if (before.isEmpty()) {
            created++;
            lines.add("created " + e.key() + waiting(e.effect()));
            return;
        }
        changed++;
        List<String> differences = differences(e, before.get());
        lines.add(
                "changed "
                        + e.key()
                        + (differences.isEmpty()
                                ? moved(e)
                                : ": " + String.join("; ", Plan.atMost(MAX_CHANGES, differences)))
                        + waiting(e.effect()));
        restarts(e, before.get().body()).ifPresent(lines::add);
    }

    private void withdrawn(ResourceKey key) {
        removed++;
        int pods = pods(key);
        lines.add(
                "removed "
                        + key
                        + (pods > 0 && !key.kind().equals(GroupKind.POD)
                                ? " (" + counted(pods, "pod") + " stopped)"
                                : ""));
    }

    /** What stood there: what Git declared, or what was live when Git did not declare it yet. */
    private record Before(
            SortedMap<String, String> labels, SortedMap<String, String> annotations, Json body) {}

    private Optional<Before> before(ResourceKey key) {
        Optional<Before> declared =
                state.declared(key)
                        .filter(Declared::realized)
                        .map(d -> new Before(d.labels(), d.annotations(), d.body()));
        return declared.or(() ->
                state.resource(key)
                        .filter(r -> !r.metadata().deleting())
                        .map(r ->
                                new Before(
                                        r.metadata().labels(),
                                        r.metadata().annotations(),
                                        r.body())));
    }

    private static List<String> differences(ResourceDeclared e, Before before) {
        List<String> texts = new ArrayList<>();
        boolean secret = e.key().kind().equals(new GroupKind("", "Secret"));
        ObjectNode was = before.body().toObject();
        ObjectNode is = e.body().toObject();
        metadata(was, before.labels(), before.annotations());
        metadata(is, e.labels(), e.annotations());
        for (BodyChanges.Change change : BodyChanges.between(was, is)) {
            String path = shortened(change.path());
            texts.add(
                    secret
                            ? path + " differs"
                            : path + " " + shown(change.before()) + " → " + shown(change.after()));
        }
        return texts;
    }

    private static void metadata(
            ObjectNode body,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations) {
        labels.forEach(body.putObject("labels")::put);
        annotations.forEach(body.putObject("annotations")::put);
    }

    private static String shortened(String path) {
        for (String prefix : List.of("spec.template.spec.", "spec.")) {
            if (path.startsWith(prefix)) {
                return path.substring(prefix.length());
            }
        }
        return path;
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode()) {
            return "(none)";
        }
        String text = value.isTextual() && !value.asText().isBlank() ? value.asText() : value + "";
        return text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE - 1) + "…";
    }

    private String moved(ResourceDeclared e) {
        return state.declared(e.key())
                .filter(d -> !d.path().equals(e.path()))
                .map(d -> ": moved from " + d.path() + " to " + e.path())
                .orElse("");
    }

    private static String waiting(Effect effect) {
        return effect instanceof Effect.Deferred(var reason) ? " (waits: " + reason + ")" : "";
    }

    /** Which pods a new template replaces. Replica sets and controllers leave theirs alone. */
    private Optional<String> restarts(ResourceDeclared e, Json before) {
        boolean replaced =
                e.key().kind().equals(GroupKind.POD)
                        ? !before.equals(e.body())
                        : rolls(e.key().kind()) && !template(before).equals(template(e.body()));
        int pods = replaced ? pods(e.key()) : 0;
        if (pods == 0) {
            return Optional.empty();
        }
        restarting += pods;
        return Optional.of(
                "restarts "
                        + counted(pods, "pod")
                        + " of "
                        + e.key()
                        + ", containers: "
                        + containers(e));
    }

    private static boolean rolls(GroupKind kind) {
        return kind.equals(GroupKind.DEPLOYMENT)
                || kind.equals(new GroupKind("apps", "DaemonSet"))
                || kind.equals(new GroupKind("apps", "StatefulSet"));
    }

    private static JsonNode template(Json body) {
        return body.toNode().path("spec").path("template");
    }

    private static String containers(ResourceDeclared e) {
        JsonNode spec =
                e.key().kind().equals(GroupKind.POD)
                        ? e.body().toNode().path("spec")
                        : template(e.body()).path("spec");
        List<String> names = new ArrayList<>();
        spec.path("containers").forEach(c -> names.add(c.path("name").asText()));
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    /** The live pods that stand under a resource. */
    private int pods(ResourceKey key) {
        return state.resource(key).map(this::podsUnder).orElse(0);
    }

    private int podsUnder(Resource resource) {
        if (resource.metadata().deleting()) {
            return 0;
        }
        if (resource.key().kind().equals(GroupKind.POD)) {
            return 1;
        }
        if (resource.key().kind().equals(GroupKind.NAMESPACE)) {
            return state.resources(GroupKind.POD, resource.key().name()).size();
        }
        return podsOwnedBy(resource.uid());
    }

    private int podsOwnedBy(Uid owner) {
        int pods = 0;
        for (ResourceKey dependent : state.dependents(owner)) {
            pods += pods(dependent);
        }
        return pods;
    }

    private static String counted(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
