package dev.shiplog.api.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Authorizer.Action;
import dev.shiplog.api.Authorizer.Verdict;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.Access;
import dev.shiplog.api.auth.TokenAuthenticator;
import dev.shiplog.api.auth.rbac.Rbac;
import dev.shiplog.api.served.Virtual;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Answers reviews: what may I, what may somebody, who am I, whose token is this. Each is an object
 * that is created, completed with its status, and forgotten.
 */
public final class Reviews {
    private final Access access;
    private final Optional<Rbac> rbac;
    private final TokenAuthenticator tokens;

    /**
     * @param rbac what lists rules; without, {@code SelfSubjectRulesReview} says that it is
     *     incomplete
     * @param tokens whose tokens are reviewed
     */
    public Reviews(Access access, Optional<Rbac> rbac, TokenAuthenticator tokens) {
        this.access = access;
        this.rbac = rbac;
        this.tokens = tokens;
    }

    /** Answers a request about a kind of review. */
    public Reply answer(Request request, Virtual review, String namespace) throws IOException {
        if (review.namespaced() == namespace.isEmpty()) {
            throw new ApiFailure(Status.noSuchPath());
        }
        access.require(
                request,
                Action.on(
                        request.method().equals("POST") ? "create" : "get",
                        review.group(),
                        review.plural(),
                        namespace,
                        ""));
        if (!request.method().equals("POST")) {
            throw new ApiFailure(Status.methodNotAllowed());
        }
        ObjectNode body = ReviewBody.read(request, review.kind());
        body.put("kind", review.kind());
        body.put("apiVersion", review.apiVersion());
        body.putObject("metadata").putNull("creationTimestamp");
        ObjectNode status =
                switch (review.kind()) {
                    case "SelfSubjectAccessReview" ->
                            access(request.identity(), body.path("spec"), review);
                    case "SubjectAccessReview" -> access(body.path("spec"), review);
                    case "LocalSubjectAccessReview" -> local(body.path("spec"), namespace, review);
                    case "SelfSubjectRulesReview" -> rules(request.identity(), body.path("spec"));
                    case "SelfSubjectReview" -> self(request.identity());
                    case "TokenReview" -> token(body.path("spec"));
                    default -> throw new ApiFailure(Status.noSuchPath());
                };
        body.set("status", status);
        return Reply.json(201, Json.of(body).bytes());
    }

    private ObjectNode local(JsonNode spec, String namespace, Virtual review) {
        String named = spec.path("resourceAttributes").path("namespace").asText();
        if (!named.equals(namespace)) {
            throw invalid(
                    review,
                    "spec.resourceAttributes.namespace: Invalid value: \""
                            + named
                            + "\": must match metadata.namespace");
        }
        return access(spec, review);
    }

    private ObjectNode access(JsonNode spec, Virtual review) {
        String user = spec.path("user").asText();
        List<String> groups = texts(spec.path("groups"));
        if (user.isEmpty() && groups.isEmpty()) {
            throw invalid(
                    review,
                    "spec.user: Invalid value: \"\": at least one of user or group must be"
                            + " specified");
        }
        SortedMap<String, List<String>> extra = new TreeMap<>();
        spec.path("extra")
                .properties()
                .forEach(entry -> extra.put(entry.getKey(), texts(entry.getValue())));
        return access(
                new Identity(user, spec.path("uid").asText(), new TreeSet<>(groups), extra),
                spec,
                review);
    }

    private ObjectNode access(Identity who, JsonNode spec, Virtual review) {
        Verdict verdict = access.authorizer().decide(who, action(spec, review));
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("allowed", verdict instanceof Verdict.Allowed);
        if (!verdict.why().isEmpty()) {
            status.put("reason", verdict.why());
        }
        return status;
    }

    private static Action action(JsonNode spec, Virtual review) {
        JsonNode resource = spec.path("resourceAttributes");
        JsonNode path = spec.path("nonResourceAttributes");
        if (resource.isObject() == path.isObject()) {
            throw invalid(
                    review,
                    "spec.resourceAttributes: Invalid value: \"\": exactly one of"
                            + " nonResourceAttributes or resourceAttributes must be specified");
        }
        return path.isObject()
                ? Action.onPath(path.path("verb").asText(), path.path("path").asText("/"))
                : new Action(
                        resource.path("verb").asText(),
                        resource.path("group").asText(),
                        resource.path("resource").asText(),
                        resource.path("subresource").asText(),
                        resource.path("namespace").asText(),
                        resource.path("name").asText(),
                        "",
                        fieldSelector(resource.path("fieldSelector")));
    }

    private static String fieldSelector(JsonNode selector) {
        List<String> terms = new ArrayList<>();
        for (JsonNode requirement : selector.path("requirements")) {
            if (requirement.path("operator").asText().equals("In")
                    && requirement.path("values").size() == 1) {
                terms.add(
                        requirement.path("key").asText()
                                + "="
                                + requirement.path("values").get(0).asText());
            }
        }
        return selector.path("rawSelector").asText(String.join(",", terms));
    }

    private ObjectNode rules(Identity who, JsonNode spec) {
        String namespace = spec.path("namespace").asText();
        if (namespace.isEmpty()) {
            throw new ApiFailure(Status.badRequest("no namespace on request"));
        }
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        ArrayNode none = JsonNodeFactory.instance.arrayNode();
        status.set(
                "resourceRules",
                rbac.map(known -> known.resourceRules(who, namespace)).orElse(none));
        status.set(
                "nonResourceRules",
                rbac.map(known -> known.pathRules(who)).orElse(none.deepCopy()));
        // What nodes may do depends on their pods, and is no list of rules.
        status.put("incomplete", rbac.isEmpty() || who.groups().contains("system:nodes"));
        return status;
    }

    private static ObjectNode self(Identity who) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.set("userInfo", user(who));
        return status;
    }

    private ObjectNode token(JsonNode spec) {
        List<String> audiences = texts(spec.path("audiences"));
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        switch (tokens.authenticate(spec.path("token").asText(), audiences)) {
            case TokenAuthenticator.Outcome.Known(var who, var meant) -> {
                status.put("authenticated", true);
                status.set("user", user(who));
                meant.forEach(status.putArray("audiences")::add);
            }
            case TokenAuthenticator.Outcome.Refused _, TokenAuthenticator.Outcome.NotMine _ -> {
                status.put("authenticated", false);
                status.putObject("user");
                status.put("error", "[invalid bearer token]");
            }
        }
        return status;
    }

    private static ObjectNode user(Identity who) {
        ObjectNode user = JsonNodeFactory.instance.objectNode();
        user.put("username", who.name());
        if (!who.uid().isEmpty()) {
            user.put("uid", who.uid());
        }
        who.groups().forEach(user.putArray("groups")::add);
        if (!who.toldExtra().isEmpty()) {
            ObjectNode extra = user.putObject("extra");
            who.toldExtra().forEach((key, values) -> values.forEach(extra.putArray(key)::add));
        }
        return user;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static ApiFailure invalid(Virtual review, String why) {
        return new ApiFailure(Status.invalid(review.kind() + "." + review.group(), "", why));
    }

    /** Where these questions are asked. */
    public static List<Virtual> served() {
        String authorization = "authorization.k8s.io/v1";
        String authentication = "authentication.k8s.io/v1";
        return List.of(
                new Virtual(authentication, "selfsubjectreviews", "SelfSubjectReview", false),
                new Virtual(authentication, "tokenreviews", "TokenReview", false),
                new Virtual(
                        authorization,
                        "localsubjectaccessreviews",
                        "LocalSubjectAccessReview",
                        true),
                new Virtual(
                        authorization,
                        "selfsubjectaccessreviews",
                        "SelfSubjectAccessReview",
                        false),
                new Virtual(
                        authorization, "selfsubjectrulesreviews", "SelfSubjectRulesReview", false),
                new Virtual(authorization, "subjectaccessreviews", "SubjectAccessReview", false));
    }
}
