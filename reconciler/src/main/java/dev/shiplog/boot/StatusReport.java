package dev.shiplog.boot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.dashboard.Dashboard;
import dev.shiplog.audit.Convergence;
import dev.shiplog.node.network.ingress.ClusterIngress;
import dev.shiplog.node.network.plane.PlaneKind;
import dev.shiplog.source.WriteMode;
import dev.shiplog.state.ClusterState;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the cluster is, as {@code shiplog status -o json} shows it. The phase is {@code Starting}
 * until the branch's head was looked at and the node is connected, {@code Ready} when everything is
 * as Git declares, {@code Progressing} while it is on the way, {@code Held} when the newest commit
 * cannot become the truth.
 */
final class StatusReport {
    private final Profile profile;
    private final WriteMode writes;
    private final Supplier<ClusterState> state;
    private final Activity activity;
    private volatile Endpoint endpoint = new Endpoint(0, 0, "", "", "");
    private volatile Collection<String> details = List.of();
    private volatile Optional<ClusterIngress.Listening> ingresses = Optional.empty();
    private volatile Optional<PlaneKind> plane = Optional.empty();
    private volatile Supplier<Collection<String>> warnings = List::of;
    private volatile boolean started;

    StatusReport(
            Profile profile, WriteMode writes, Supplier<ClusterState> state, Activity activity) {
        this.profile = profile;
        this.writes = writes;
        this.state = state;
        this.activity = activity;
    }

    /**
     * Says where the cluster answers.
     *
     * @param found what the runtime found on this machine, one line each
     */
    void answersAt(Endpoint where, Collection<String> found) {
        endpoint = where;
        details = List.copyOf(found);
    }

    /** Says where Ingresses are answered; empty while there are none. */
    void answersIngressesAt(Optional<ClusterIngress.Listening> where) {
        ingresses = where;
    }

    /** Says what leads to Services; empty if nothing of ours does. */
    void leadsToServicesBy(Optional<PlaneKind> what) {
        plane = what;
    }

    /** Says where to learn what does not work now, one line each. */
    void warnsOf(Supplier<Collection<String>> what) {
        warnings = what;
    }

    /** Says that everything has begun to work: from now on, what is missing is missing. */
    void started() {
        started = true;
    }

    ObjectNode now() {
        ClusterState current = state.get();
        Convergence convergence = Convergence.of(current);
        Endpoint at = endpoint;
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("phase", phase(current, convergence));
        node.put("apiServer", at.apiServer());
        node.put("git", at.git());
        node.put("writes", writes.name().toLowerCase(Locale.ROOT));
        node.put("kubeconfig", profile.kubeconfig().toString());
        node.put("runtime", at.runtime());
        plane.ifPresent(what -> node.put("serviceProxy", what.text()));
        ingresses.ifPresent(where ->
                node.putObject("ingress")
                        .put("http", where.httpPort())
                        .put("https", where.httpsPort()));
        node.put("position", current.position().value());
        node.put(
                "revision",
                current.sources().stream()
                        .flatMap(source -> source.applied().stream())
                        .map(applied -> applied.commit().value())
                        .findFirst()
                        .orElse(""));
        node.putObject("pods").put("total", convergence.pods()).put("ready", convergence.ready());
        add(node.putArray("waiting"), convergence.waiting());
        add(node.putArray("activity"), activity.current());
        add(node.putArray("milestones"), activity.milestones());
        add(node.putArray("details"), details);
        add(node.putArray("warnings"), warnings.get());
        return node;
    }

    /** The same in short, for the dashboard. */
    Dashboard.Standing standing() {
        ClusterState current = state.get();
        Convergence convergence = Convergence.of(current);
        return new Dashboard.Standing(phase(current, convergence), convergence.waiting());
    }

    private String phase(ClusterState current, Convergence convergence) {
        if (!started) {
            return "Starting";
        }
        if (current.sources().stream().anyMatch(source -> source.held().isPresent())) {
            return "Held";
        }
        return convergence.reached() ? "Ready" : "Progressing";
    }

    private static void add(ArrayNode array, Collection<String> lines) {
        lines.forEach(array::add);
    }
}
