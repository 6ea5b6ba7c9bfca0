package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Headroom;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Status;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.body.Body;
import dev.shiplog.api.certificates.SigningRequest;
import dev.shiplog.api.served.Invalid;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.state.ClusterState;

import java.io.IOException;
import java.util.Optional;

/** Answers POST. */
final class Creates {
    private final Commands commands;
    private final Landing landing;
    private final Headroom headroom = Headroom.ofThisProcess();

    Creates(Commands commands, Landing landing) {
        this.commands = commands;
        this.landing = landing;
    }

    Reply create(Call call) throws IOException, InterruptedException {
        if (call.served().kind().namespaced() && call.namespace().isEmpty()) {
            throw new ApiFailure(Status.methodNotAllowed());
        }
        return create(call, Bodies.read(call.request()), false);
    }

    /** Another name is tried as often as a made one turns out to be taken. */
    Reply create(Call call, Body body, boolean accounted) throws InterruptedException {
        headroom.require();
        for (int attempt = 1; ; attempt++) {
            Wish wish =
                    call.documents()
                            .create(
                                    call.namespace(),
                                    body,
                                    accounted,
                                    commands::suffix,
                                    commands.now());
            if (SigningRequest.is(wish.key().kind())) {
                wish = asked(call, wish);
            }
            String name = wish.key().name();
            namespaceOpen(commands.state(), call.served(), wish.key());
            switch (landing.create(call, wish)) {
                case Landing.Landed.There(Resource resource) -> {
                    return call.reply(201, resource, commands.now());
                }
                case Landing.Landed.Waiting(Resource resource) -> {
                    return call.reply(202, resource, commands.now());
                }
                case Landing.Landed.Taken _, Landing.Landed.Stale _ -> {
                    boolean made = name(body).isEmpty();
                    if (!made || attempt == GeneratedNames.ATTEMPTS) {
                        throw Landing.taken(call, name);
                    }
                }
            }
        }
    }

    /** Who asks for a certificate is whoever sends the request. */
    private static Wish asked(Call call, Wish wish) {
        SigningRequest.objection(wish.body())
                .ifPresent(why -> {
                    Findings findings = new Findings();
                    findings.invalid(
                            FieldPath.of("spec", "request"),
                            wish.body().toNode().path("spec").path("request").toString(),
                            why);
                    throw Invalid.failure(call.served(), wish.key().name(), findings.errors());
                });
        return wish.withBody(SigningRequest.askedBy(call.request().identity(), wish.body()));
    }

    private static String name(Body body) {
        return body.document().path("metadata").path("name").asText("");
    }

    /**
     * @throws ApiFailure 404 if there is no such namespace, 403 if it is being emptied
     */
    private static void namespaceOpen(ClusterState state, ServedResource served, ResourceKey key) {
        if (key.namespace().isEmpty()) {
            return;
        }
        Optional<Resource> namespace = state.resource(ResourceKey.namespace(key.namespace()));
        if (namespace.isEmpty()) {
            throw new ApiFailure(Status.notFound("", "namespaces", key.namespace()));
        }
        if (namespace.get().metadata().deleting()) {
            Status forbidden =
                    Status.forbidden(
                            served.group(),
                            served.plural(),
                            key.name(),
                            "unable to create new content in namespace "
                                    + key.namespace()
                                    + " because it is being terminated");
            ObjectNode details = forbidden.details().toObject();
            details.putArray("causes")
                    .add(
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("reason", "NamespaceTerminating")
                                    .put(
                                            "message",
                                            "namespace " + key.namespace() + " is being terminated")
                                    .put("field", "metadata.namespace"));
            throw new ApiFailure(
                    new Status(403, "Forbidden", forbidden.message(), Json.of(details)));
        }
    }
}
