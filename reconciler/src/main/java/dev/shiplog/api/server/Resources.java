package dev.shiplog.api.server;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.Access;
import dev.shiplog.api.delete.Deletes;
import dev.shiplog.api.logs.LogReads;
import dev.shiplog.api.read.Lists;
import dev.shiplog.api.review.TokenRequests;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.served.ServedResources;
import dev.shiplog.api.watch.Watches;
import dev.shiplog.resource.GroupKind;

import java.io.IOException;
import java.util.Optional;

/**
 * Answers requests about resources: finds out what is meant, whether it is allowed, and who
 * answers.
 */
final class Resources {
    private final ServedResources served;
    private final Access access;
    private final Optional<TokenRequests> tokens;
    private final Lists lists;
    private final Watches watches;
    private final LogReads logs;
    private final Deletes deletes;
    private final String cloneHint;

    /**
     * @param cloneHint how to get the repository, for those who try to write here
     */
    Resources(
            ServedResources served,
            Access access,
            Optional<TokenRequests> tokens,
            Lists lists,
            Watches watches,
            LogReads logs,
            Deletes deletes,
            String cloneHint) {
        this.served = served;
        this.access = access;
        this.tokens = tokens;
        this.lists = lists;
        this.watches = watches;
        this.logs = logs;
        this.deletes = deletes;
        this.cloneHint = cloneHint;
    }

    Reply answer(Request request, Target target) throws IOException, InterruptedException {
        ServedResource resource =
                served.find(target.apiVersion(), target.plural())
                        .orElseThrow(() -> new ApiFailure(Status.noSuchPath()));
        boolean watch =
                (request.method().equals("GET") || request.method().equals("HEAD"))
                        && target.name().isEmpty()
                        && request.query().flag("watch");
        String verb = verb(request.method(), target.name().isEmpty(), watch);
        authorize(request, verb, resource, target);
        if (!resource.kind().namespaced() && target.namespace().isPresent()) {
            throw new ApiFailure(Status.noSuchPath());
        }
        if (resource.kind().namespaced()
                && target.namespace().isEmpty()
                && !target.name().isEmpty()) {
            throw new ApiFailure(Status.noSuchPath());
        }
        if (!target.subresource().isEmpty()) {
            return subresource(request, resource, target, verb);
        }
        return switch (verb) {
            case "get" -> lists.get(request, resource, target.namespace(), target.name());
            case "list" -> lists.list(request, resource, target.namespace());
            case "watch" -> watches.watch(request, resource, target.namespace());
            case "delete" -> deletes.delete(request, resource, target.namespace(), target.name());
            case "deletecollection" ->
                    deletes.deleteCollection(request, resource, target.namespace());
            default -> throw new ApiFailure(readOnly(request.method(), resource, target));
        };
    }

    private Reply subresource(Request request, ServedResource resource, Target target, String verb)
            throws IOException {
        boolean log =
                target.subresource().equals("log")
                        && resource.kind().groupKind().equals(GroupKind.POD);
        if (log && verb.equals("get")) {
            return logs.read(request, resource, target.namespace(), target.name());
        }
        if (target.subresource().equals("token")
                && resource.kind().groupKind().equals(GroupKind.SERVICE_ACCOUNT)
                && verb.equals("create")
                && tokens.isPresent()) {
            return tokens.get().create(request, target.namespace().orElseThrow(), target.name());
        }
        if (!verb.equals("get")) {
            throw new ApiFailure(readOnly(request.method(), resource, target));
        }
        if (target.subresource().equals("status")) {
            return lists.get(request, resource, target.namespace(), target.name());
        }
        throw new ApiFailure(Status.noSuchPath());
    }

    private void authorize(Request request, String verb, ServedResource resource, Target target) {
        Authorizer.Action action =
                new Authorizer.Action(
                        needed(verb, target),
                        resource.group(),
                        resource.plural(),
                        target.subresource(),
                        target.namespace().orElse(""),
                        target.name(),
                        "",
                        request.query().first("fieldSelector").orElse(""));
        access.require(request, action);
    }

    /**
     * What reaches into a pod is never only reading, though clients that speak WebSocket say GET:
     * as in Kubernetes from 1.35 on.
     */
    private static String needed(String verb, Target target) {
        return switch (target.subresource()) {
            case "exec", "attach", "portforward" -> "create";
            default -> verb;
        };
    }

    private Status readOnly(String method, ServedResource resource, Target target) {
        boolean writes = method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
        if (!writes) {
            return Status.of(
                    405,
                    "MethodNotAllowed",
                    "the server does not allow this method on the requested resource");
        }
        return Status.forbidden(
                resource.group(),
                resource.plural(),
                target.name(),
                "in this cluster resources are declared by Git and changed by a commit: "
                        + cloneHint
                        + ", edit or add the manifest, git commit, git push");
    }

    private static String verb(String method, boolean all, boolean watch) {
        return switch (method) {
            case "GET", "HEAD" -> watch ? "watch" : all ? "list" : "get";
            case "DELETE" -> all ? "deletecollection" : "delete";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            default -> "unknown";
        };
    }
}
