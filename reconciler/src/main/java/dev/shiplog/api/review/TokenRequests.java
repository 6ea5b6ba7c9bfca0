package dev.shiplog.api.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.jwt.ServiceAccountTokens;
import dev.shiplog.api.auth.node.NodeRules;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code POST serviceaccounts/<name>/token}: a token for a service account. */
public final class TokenRequests {
    private static final long USUAL_SECONDS = 3600;

    private static final GroupKind SECRET = new GroupKind("", "Secret");

    private final ServiceAccountTokens tokens;
    private final Supplier<ClusterState> state;

    public TokenRequests(ServiceAccountTokens tokens, Supplier<ClusterState> state) {
        this.tokens = tokens;
        this.state = state;
    }

    /** Issues a token; whoever asks may. */
    public Reply create(Request request, String namespace, String name) throws IOException {
        ObjectNode body = ReviewBody.read(request, "TokenRequest");
        ClusterState now = state.get();
        Resource account =
                now.resource(new ResourceKey(GroupKind.SERVICE_ACCOUNT, namespace, name))
                        .orElseThrow(
                                () -> new ApiFailure(Status.notFound("", "serviceaccounts", name)));
        JsonNode spec = body.path("spec");
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(audience -> audiences.add(audience.asText()));
        if (audiences.isEmpty()) {
            audiences.add(ServiceAccountTokens.ISSUER);
        }
        Duration life = life(spec, name);
        List<ServiceAccountTokens.Bound> bound = bound(now, account, spec.path("boundObjectRef"));
        nodeObjection(now, request, bound, namespace)
                .ifPresent(why -> {
                    throw new ApiFailure(Status.forbidden("", "serviceaccounts", name, why));
                });
        ServiceAccountTokens.Issued issued = tokens.issue(account, audiences, life, bound);
        ObjectNode reply = body;
        reply.put("kind", "TokenRequest");
        reply.put("apiVersion", "authentication.k8s.io/v1");
        reply.putObject("metadata").put("name", name).put("namespace", namespace);
        ObjectNode told = reply.withObjectProperty("spec");
        told.remove("audiences");
        audiences.forEach(told.putArray("audiences")::add);
        told.put("expirationSeconds", life.toSeconds());
        reply.putObject("status")
                .put("token", issued.token())
                .put(
                        "expirationTimestamp",
                        issued.expires().truncatedTo(ChronoUnit.SECONDS).toString());
        return Reply.json(201, Json.of(reply).bytes());
    }

    private static Duration life(JsonNode spec, String name) {
        long seconds = spec.path("expirationSeconds").asLong(USUAL_SECONDS);
        if (seconds < ServiceAccountTokens.SHORTEST.toSeconds()) {
            throw new ApiFailure(
                    Status.invalid(
                            "TokenRequest.authentication.k8s.io",
                            name,
                            "spec.expirationSeconds: Invalid value: "
                                    + seconds
                                    + ": may not specify a duration less than 10 minutes"));
        }
        // Longer than allowed is not refused but shortened, as Kubernetes does.
        return Duration.ofSeconds(Math.min(seconds, ServiceAccountTokens.LONGEST.toSeconds()));
    }

    private static List<ServiceAccountTokens.Bound> bound(
            ClusterState state, Resource account, JsonNode reference) {
        if (!reference.isObject() || reference.path("kind").asText().isEmpty()) {
            return new ArrayList<>();
        }
        String name = reference.path("name").asText();
        String namespace = account.key().namespace();
        GroupKind kind =
                switch (reference.path("kind").asText()) {
                    case "Pod" -> GroupKind.POD;
                    case "Secret" -> SECRET;
                    case "Node" -> GroupKind.NODE;
                    default ->
                            throw new ApiFailure(
                                    Status.badRequest(
                                            "cannot bind token to object of type "
                                                    + reference.path("apiVersion").asText()
                                                    + ", Kind="
                                                    + reference.path("kind").asText()));
                };
        String plural = kind.kind().toLowerCase(java.util.Locale.ROOT) + "s";
        String place = kind.equals(GroupKind.NODE) ? "" : namespace;
        Resource found =
                Optional.of(name)
                        .filter(given -> !given.isEmpty())
                        .flatMap(given -> state.resource(new ResourceKey(kind, place, given)))
                        .orElseThrow(() -> new ApiFailure(Status.notFound("", plural, name)));
        String uid = reference.path("uid").asText();
        if (!uid.isEmpty() && !uid.equals(found.uid().value())) {
            throw new ApiFailure(
                    Status.conflict(
                            "",
                            plural,
                            name,
                            "the UID in the bound object reference ("
                                    + uid
                                    + ") does not match the UID in record. The object might have"
                                    + " been deleted and then recreated"));
        }
        List<ServiceAccountTokens.Bound> bound = new ArrayList<>();
        bound.add(new ServiceAccountTokens.Bound(kind, name, found.uid()));
        if (kind.equals(GroupKind.POD)) {
            pod(state, account, found, bound);
        }
        return bound;
    }

    private static void pod(
            ClusterState state,
            Resource account,
            Resource pod,
            List<ServiceAccountTokens.Bound> bound) {
        JsonNode spec = pod.body().toNode().path("spec");
        String runsAs = spec.path("serviceAccountName").asText("default");
        if (!runsAs.equals(account.key().name())) {
            throw new ApiFailure(
                    Status.badRequest(
                            "cannot bind token for serviceaccount \""
                                    + account.key().name()
                                    + "\" to pod running with different serviceaccount name."));
        }
        String node = spec.path("nodeName").asText();
        if (!node.isEmpty()) {
            state.resource(ResourceKey.node(new NodeName(node)))
                    .ifPresent(found ->
                            bound.add(
                                    new ServiceAccountTokens.Bound(
                                            GroupKind.NODE, node, found.uid())));
        }
    }

    /** A node asks for its own pods only. */
    private static Optional<String> nodeObjection(
            ClusterState state,
            Request request,
            List<ServiceAccountTokens.Bound> bound,
            String namespace) {
        Optional<NodeName> node = NodeRules.node(request.identity());
        if (node.isEmpty()) {
            return Optional.empty();
        }
        boolean own =
                bound.stream()
                        .filter(object -> object.kind().equals(GroupKind.POD))
                        .anyMatch(pod ->
                                state.podsOn(node.get())
                                        .contains(ResourceKey.pod(namespace, pod.name())));
        return own
                ? Optional.empty()
                : Optional.of("node requested token not bound to a pod that is bound to it");
    }
}
