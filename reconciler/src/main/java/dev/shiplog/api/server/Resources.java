package dev.shiplog.api.server;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.Access;
import dev.shiplog.api.beside.BesideRequests;
import dev.shiplog.api.delete.Deletes;
import dev.shiplog.api.delete.Evictions;
import dev.shiplog.api.events.ClientEvents;
import dev.shiplog.api.read.Lists;
import dev.shiplog.api.review.TokenRequests;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.served.ServedResources;
import dev.shiplog.api.served.Subresource;
import dev.shiplog.api.stream.WatchSocket;
import dev.shiplog.api.watch.Watches;
import dev.shiplog.api.write.Writes;

import java.io.IOException;
import java.util.Map;
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
    private final Map<String, SubresourceHandler> handlers;
    private final Writes writes;
    private final Deletes deletes;
    private final Evictions evictions;
    private final ClientEvents events;
    private final BesideRequests beside;

    Resources(
            ServedResources served,
            Access access,
            Optional<TokenRequests> tokens,
            Lists lists,
            Watches watches,
            Map<String, SubresourceHandler> handlers,
            Writes writes,
            Deletes deletes,
            Evictions evictions,
            ClientEvents events,
            BesideRequests beside) {
        this.served = served;
        this.access = access;
        this.tokens = tokens;
        this.lists = lists;
        this.watches = watches;
        this.handlers = handlers;
        this.writes = writes;
        this.deletes = deletes;
        this.evictions = evictions;
        this.events = events;
        this.beside = beside;
    }

    Reply answer(Request request, Target target) throws IOException, InterruptedException {
        if (target.plural().equals("bindings") && target.apiVersion().equals("v1")) {
            return bindings(request, target);
        }
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
        if (target.subresource().isEmpty() && BesideRequests.answers(resource)) {
            return beside.answer(request, resource, verb, target.namespace(), target.name());
        }
        if (target.subresource().isEmpty() && ClientEvents.answers(resource, verb)) {
            return events.answer(
                    request, resource, verb, target.namespace().orElse(""), target.name());
        }
        if (!target.subresource().isEmpty()) {
            return subresource(request, resource, target, verb);
        }
        return switch (verb) {
            case "get" -> lists.get(request, resource, target.namespace(), target.name());
            case "list" -> lists.list(request, resource, target.namespace());
            case "watch" ->
                    WatchSocket.of(request, watches.watch(request, resource, target.namespace()));
            case "create" -> {
                if (!target.name().isEmpty()) {
                    throw new ApiFailure(Status.methodNotAllowed());
                }
                yield writes.create(request, resource, target.namespace());
            }
            case "update", "patch" -> {
                if (target.name().isEmpty()) {
                    throw new ApiFailure(Status.methodNotAllowed());
                }
                yield write(request, resource, target, verb);
            }
            case "delete" -> deletes.delete(request, resource, target.namespace(), target.name());
            case "deletecollection" ->
                    deletes.deleteCollection(request, resource, target.namespace());
            default -> throw new ApiFailure(Status.methodNotAllowed());
        };
    }

    private Reply write(Request request, ServedResource resource, Target target, String verb)
            throws IOException, InterruptedException {
        if (verb.equals("update")) {
            return writes.update(request, resource, target.namespace(), target.name());
        }
        if (writes.wouldCreate(request, resource, target.namespace(), target.name())) {
            authorize(request, "create", resource, target);
        }
        return writes.patch(request, resource, target.namespace(), target.name());
    }

    private Reply subresource(Request request, ServedResource resource, Target target, String verb)
            throws IOException, InterruptedException {
        String name = target.subresource();
        Subresource part =
                Subresource.of(resource.kind()).stream()
                        .filter(candidate -> candidate.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new ApiFailure(Status.noSuchPath()));
        if (!part.verbs().contains(verb)) {
            throw new ApiFailure(Status.methodNotAllowed());
        }
        Optional<String> namespace = target.namespace();
        return switch (name) {
            case "status" ->
                    verb.equals("get")
                            ? lists.get(request, resource, namespace, target.name())
                            : writes.status(request, resource, namespace, target.name());
            case "approval" ->
                    verb.equals("get")
                            ? lists.get(request, resource, namespace, target.name())
                            : writes.approval(request, resource, namespace, target.name());
            case "scale" -> writes.scale(request, resource, namespace, target.name());
            case "eviction" -> evictions.evict(request, resource, namespace, target.name());
            case "binding" -> writes.bind(request, resource, namespace, target.name());
            case "ephemeralcontainers" ->
                    verb.equals("get")
                            ? lists.get(request, resource, namespace, target.name())
                            : writes.debug(request, resource, namespace, target.name());
            case "token" ->
                    tokens.orElseThrow(() -> new ApiFailure(Status.noSuchPath()))
                            .create(request, namespace.orElseThrow(), target.name());
            case "finalize" -> writes.finalizeNamespace(request, resource, target.name());
            default ->
                    Optional.ofNullable(handlers.get(resource.plural() + "/" + name))
                            .orElseThrow(() -> new ApiFailure(Status.noSuchPath()))
                            .answer(request, resource, namespace, target.name());
        };
    }

    /** What schedulers post that do not name the pod in the path. */
    private Reply bindings(Request request, Target target)
            throws IOException, InterruptedException {
        ServedResource pods =
                served.find("v1", "pods").orElseThrow(() -> new ApiFailure(Status.noSuchPath()));
        Authorizer.Action action =
                new Authorizer.Action(
                        verb(request.method(), target.name().isEmpty(), false),
                        "",
                        "bindings",
                        "",
                        target.namespace().orElse(""),
                        "",
                        "");
        access.require(request, action);
        if (!request.method().equals("POST")
                || !target.name().isEmpty()
                || target.namespace().isEmpty()) {
            throw new ApiFailure(Status.methodNotAllowed());
        }
        return writes.bind(request, pods, target.namespace(), "");
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
