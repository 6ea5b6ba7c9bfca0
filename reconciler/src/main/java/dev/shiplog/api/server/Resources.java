package dev.shiplog.api.server;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.delete.Deletes;
import dev.shiplog.api.read.Lists;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.served.ServedResources;
import dev.shiplog.api.stream.WatchSocket;
import dev.shiplog.api.watch.Watches;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Answers requests about resources: finds out what is meant, whether it is allowed, and who
 * answers.
 */
final class Resources {
    private final ServedResources served;
    private final Authorizer authorizer;
    private final Lists lists;
    private final Watches watches;
    private final Map<String, Subresource> subresources;
    private final Deletes deletes;
    private final String cloneHint;

    /**
     * @param cloneHint how to get the repository, for those who try to write here
     */
    Resources(
            ServedResources served,
            Authorizer authorizer,
            Lists lists,
            Watches watches,
            Map<String, Subresource> subresources,
            Deletes deletes,
            String cloneHint) {
        this.served = served;
        this.authorizer = authorizer;
        this.lists = lists;
        this.watches = watches;
        this.subresources = subresources;
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
        authorize(request.identity(), verb, resource, target);
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
            case "watch" ->
                    WatchSocket.of(request, watches.watch(request, resource, target.namespace()));
            case "delete" -> deletes.delete(request, resource, target.namespace(), target.name());
            case "deletecollection" ->
                    deletes.deleteCollection(request, resource, target.namespace());
            default -> throw new ApiFailure(readOnly(request.method(), resource, target));
        };
    }

    private Reply subresource(Request request, ServedResource resource, Target target, String verb)
            throws IOException, InterruptedException {
        Optional<Subresource> handler =
                Optional.of(resource.plural() + "/" + target.subresource())
                        .filter(_ -> resource.group().isEmpty())
                        .map(subresources::get);
        if (handler.isPresent()) {
            return handler.get().answer(request, resource, target.namespace(), target.name());
        }
        if (!verb.equals("get")) {
            throw new ApiFailure(readOnly(request.method(), resource, target));
        }
        if (target.subresource().equals("status")) {
            return lists.get(request, resource, target.namespace(), target.name());
        }
        throw new ApiFailure(Status.noSuchPath());
    }

    private void authorize(Identity who, String verb, ServedResource resource, Target target) {
        Authorizer.Action action =
                new Authorizer.Action(
                        verb,
                        resource.group(),
                        resource.plural(),
                        target.subresource(),
                        target.namespace().orElse(""),
                        target.name(),
                        "");
        if (!authorizer.allows(who, action)) {
            throw new ApiFailure(forbidden(who, verb, resource, target));
        }
    }

    /** As Kubernetes words it. */
    private static Status forbidden(
            Identity who, String verb, ServedResource resource, Target target) {
        String what =
                target.subresource().isEmpty()
                        ? resource.plural()
                        : resource.plural() + "/" + target.subresource();
        String why =
                "User \""
                        + who.name()
                        + "\" cannot "
                        + verb
                        + " resource \""
                        + what
                        + "\" in API group \""
                        + resource.group()
                        + "\""
                        + target.namespace()
                                .map(namespace -> " in the namespace \"" + namespace + "\"")
                                .orElse(" at the cluster scope");
        return Status.forbidden(resource.group(), resource.plural(), target.name(), why);
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
