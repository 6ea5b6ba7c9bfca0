package dev.shiplog.api.delete;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.read.Candidates;
import dev.shiplog.api.select.Selection;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.table.Format;
import dev.shiplog.api.table.Writer;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.Declared;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Deletes resources on a user's behalf. What Git declares is deleted in Git; only its pods may be
 * deleted here, because they come back.
 */
public final class Deletes {
    private static final int MAX_BODY_BYTES = 64 * 1024;

    /** How long a command may take to become durable. */
    private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final Supplier<Instant> clock;

    public Deletes(Ledger ledger, Supplier<Instant> clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Deletes one resource. */
    public Reply delete(
            Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException {
        DeleteOptions options = DeleteOptions.of(request.body(MAX_BODY_BYTES), request.query());
        Resource resource = find(served, namespace, name);
        check(served, resource, options);
        if (!options.dryRun()) {
            submit(request, served, resource, options);
        }
        return outcome(request, served, resource, options);
    }

    /** Deletes all that are selected; nothing, if one of them may not be deleted. */
    public Reply deleteCollection(
            Request request, ServedResource served, Optional<String> namespace)
            throws IOException, InterruptedException {
        DeleteOptions options = DeleteOptions.of(request.body(MAX_BODY_BYTES), request.query());
        Selection selection = Selection.of(served, namespace, request.query());
        ClusterState state = ledger.state();
        List<Resource> selected =
                Candidates.of(state, served, selection).stream()
                        .filter(selection::matches)
                        .toList();
        for (Resource resource : selected) {
            check(served, resource, options);
        }
        List<Resource> deleted = new ArrayList<>();
        for (Resource resource : selected) {
            if (!options.dryRun()) {
                submit(request, served, resource, options);
            }
            deleted.add(ledger.state().resource(resource.key()).orElse(resource));
        }
        Writer writer = new Writer(served, Format.of(request), clock.get());
        return Reply.json(
                200, writer.list(deleted, Writer.Page.complete(ledger.state().position())));
    }

    private Resource find(ServedResource served, Optional<String> namespace, String name) {
        return ledger.state()
                .resource(served.key(namespace, name))
                .orElseThrow(() -> new ApiFailure(served.notFound(name)));
    }

    private void check(ServedResource served, Resource resource, DeleteOptions options) {
        String name = resource.key().name();
        if (options.uid().isPresent() && !options.uid().get().equals(resource.uid())) {
            throw precondition(
                    served, name, "UID", options.uid().get().value(), resource.uid().value());
        }
        if (options.version().isPresent()
                && !options.version().get().equals(resource.version().toString())) {
            throw precondition(
                    served,
                    name,
                    "ResourceVersion",
                    options.version().get(),
                    resource.version().toString());
        }
        Optional<Declared> declared = ledger.state().declared(resource.key());
        if (declared.isPresent() && !resource.key().kind().equals(GroupKind.POD)) {
            throw new ApiFailure(
                    Status.forbidden(
                            served.group(),
                            served.plural(),
                            name,
                            declaredInGit(served, resource, declared.get())));
        }
    }

    private static String declaredInGit(
            ServedResource served, Resource resource, Declared declared) {
        String namespace = resource.key().namespace();
        return served.kindName()
                + " "
                + (namespace.isEmpty() ? "" : namespace + "/")
                + resource.key().name()
                + " is declared by Git (source "
                + declared.source()
                + ", file "
                + declared.path()
                + "). Delete it there: git rm "
                + declared.path()
                + " (or remove its document from that file), git commit, git push";
    }

    private static ApiFailure precondition(
            ServedResource served, String name, String what, String wanted, String found) {
        return new ApiFailure(
                Status.conflict(
                        served.group(),
                        served.plural(),
                        name,
                        "Precondition failed: "
                                + what
                                + " in precondition: "
                                + wanted
                                + ", "
                                + what
                                + " in object meta: "
                                + found));
    }

    private void submit(
            Request request, ServedResource served, Resource resource, DeleteOptions options)
            throws InterruptedException {
        Outcome outcome;
        try {
            outcome =
                    ledger.submit(
                                    new ResourceCommand.DeleteResource(
                                            resource.key(),
                                            Optional.of(resource.uid()),
                                            options.graceSeconds(),
                                            options.propagation(),
                                            List.of()),
                                    Origin.request(
                                            "user:" + request.identity().name(), request.id()))
                            .get(SUBMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ApiFailure(Status.internal(String.valueOf(e.getCause())), e);
        } catch (TimeoutException e) {
            throw new ApiFailure(
                    Status.of(
                            504,
                            "Timeout",
                            "the deletion was not durable within "
                                    + SUBMIT_TIMEOUT.toSeconds()
                                    + " s; it may still happen"),
                    e);
        }
        if (outcome instanceof Outcome.Refused refused) {
            refused(served, resource, refused);
        }
    }

    private static void refused(ServedResource served, Resource resource, Outcome.Refused refused) {
        String name = resource.key().name();
        switch (refused.reason()) {
            case UNCHANGED -> {
                // It is being deleted already, which is what was asked for.
            }
            case NOT_FOUND -> throw new ApiFailure(served.notFound(name));
            case STALE, ALREADY_EXISTS ->
                    throw new ApiFailure(
                            Status.conflict(
                                    served.group(), served.plural(), name, refused.message()));
            case FORBIDDEN, INVALID ->
                    throw new ApiFailure(
                            Status.forbidden(
                                    served.group(), served.plural(), name, refused.message()));
        }
    }

    /** The resource if it is still there, on its way out; otherwise that it is gone. */
    private Reply outcome(
            Request request, ServedResource served, Resource resource, DeleteOptions options) {
        Optional<Resource> still =
                ledger.state()
                        .resource(resource.key())
                        .filter(found -> found.uid().equals(resource.uid()));
        if (still.isPresent() || options.dryRun()) {
            Writer writer = new Writer(served, Format.of(request), clock.get());
            return Reply.json(200, writer.one(still.orElse(resource)));
        }
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("kind", "Status");
        root.put("apiVersion", "v1");
        root.putObject("metadata");
        root.put("status", "Success");
        ObjectNode details = root.putObject("details");
        details.put("name", resource.key().name());
        if (!served.group().isEmpty()) {
            details.put("group", served.group());
        }
        details.put("kind", served.plural());
        details.put("uid", resource.uid().value());
        return Reply.json(200, Json.of(root).bytes());
    }
}
