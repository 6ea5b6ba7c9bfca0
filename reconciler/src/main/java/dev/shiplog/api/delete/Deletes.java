package dev.shiplog.api.delete;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.read.Candidates;
import dev.shiplog.api.select.Selection;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.table.Format;
import dev.shiplog.api.table.Writer;
import dev.shiplog.api.write.Commands;
import dev.shiplog.api.write.Commits;
import dev.shiplog.api.write.Commits.Committed;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SourceCommand.Removal;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Deletes resources on a client's behalf. What Git declares goes by a commit that does not declare
 * it any more, all of one request by one commit; the rest goes by events.
 */
public final class Deletes {
    /** How often an edit is made anew because somebody else's came first. */
    private static final int ATTEMPTS = 5;

    /** Namespaces that a cluster cannot be without. */
    private static final Set<String> PERMANENT =
            new TreeSet<>(Set.of("default", "kube-node-lease", "kube-public", "kube-system"));

    private final Commands commands;
    private final Commits commits;

    public Deletes(Commands commands, Commits commits) {
        this.commands = commands;
        this.commits = commits;
    }

    /** Deletes one resource. */
    public Reply delete(
            Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException {
        // Who takes no answer that is served hears so before anything is deleted.
        Format format = Format.of(request);
        DeleteOptions options = DeleteOptions.of(Bodies.options(request), request.query());
        Resource resource =
                commands.state()
                        .resource(served.key(namespace, name))
                        .orElseThrow(() -> new ApiFailure(served.notFound(name)));
        check(served, resource, options);
        Optional<Reply> waiting = remove(request, served, List.of(resource), options);
        return waiting.isPresent() ? waiting.get() : outcome(format, served, resource, options);
    }

    /** Deletes all that are selected; nothing, if one of them may not be deleted. */
    public Reply deleteCollection(
            Request request, ServedResource served, Optional<String> namespace)
            throws IOException, InterruptedException {
        Format format = Format.of(request);
        DeleteOptions options = DeleteOptions.of(Bodies.options(request), request.query());
        Selection selection = Selection.of(served, namespace, request.query());
        List<Resource> selected =
                Candidates.of(commands.state(), served, selection).stream()
                        .filter(selection::matches)
                        .toList();
        for (Resource resource : selected) {
            check(served, resource, options);
        }
        Optional<Reply> waiting = remove(request, served, selected, options);
        if (waiting.isPresent()) {
            return waiting.get();
        }
        List<Resource> deleted = new ArrayList<>();
        for (Resource resource : selected) {
            deleted.add(commands.state().resource(resource.key()).orElse(resource));
        }
        Writer writer = new Writer(served, format, commands.now());
        return Reply.json(
                200, writer.list(deleted, Writer.Page.complete(commands.state().position())));
    }

    /** Gives the answer for now if the commit waits for somebody to agree. */
    private Optional<Reply> remove(
            Request request, ServedResource served, List<Resource> resources, DeleteOptions options)
            throws InterruptedException {
        Removal removal = options.removal(usual(served));
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ClusterState state = commands.state();
            List<ResourceKey> declared = new ArrayList<>();
            List<ResourceKey> content = new ArrayList<>();
            List<Resource> derived = new ArrayList<>();
            for (Resource resource : resources) {
                ResourceKey key = resource.key();
                if (state.declared(key).isPresent()) {
                    declared.add(key);
                } else {
                    derived.add(resource);
                }
                if (key.kind().equals(GroupKind.NAMESPACE)) {
                    content.addAll(declaredIn(state, key.name()));
                }
            }
            if (!declared.isEmpty() || !content.isEmpty()) {
                Committed committed =
                        commits.remove(
                                request, served, declared, content, removal, options.dryRun());
                if (committed instanceof Committed.Waiting waiting) {
                    return Optional.of(
                            waiting.reply(
                                    served,
                                    resources.size() == 1
                                            ? resources.getFirst().key().name()
                                            : ""));
                }
                if (committed instanceof Committed.Stale) {
                    continue;
                }
            }
            for (Resource resource : derived) {
                delete(request, served, resource, removal, options.dryRun());
            }
            return Optional.empty();
        }
        throw new ApiFailure(
                Status.conflict(
                        served.group(),
                        served.plural(),
                        resources.getFirst().key().name(),
                        "the repository changes faster than this can be removed from it; try"
                                + " again"));
    }

    private static List<ResourceKey> declaredIn(ClusterState state, String namespace) {
        return state.sources().stream()
                .flatMap(source -> state.declarationsOf(source.name()).stream())
                .filter(key -> key.namespace().equals(namespace))
                .toList();
    }

    /** Deletes what Git does not declare. */
    void delete(
            Request request,
            ServedResource served,
            Resource resource,
            Removal removal,
            boolean dryRun)
            throws InterruptedException {
        Commands.check(
                served,
                resource.key().name(),
                commands.submit(
                        request,
                        new ResourceCommand.DeleteResource(
                                resource.key(),
                                Optional.of(resource.uid()),
                                removal.graceSeconds(),
                                removal.propagation(),
                                List.of()),
                        dryRun));
    }

    /** What Kubernetes does when nobody says: the oldest versions leave pods alone. */
    private static Propagation usual(ServedResource served) {
        GroupKind kind = served.kind().groupKind();
        boolean old =
                kind.equals(GroupKind.REPLICATION_CONTROLLER)
                        || (kind.group().equals("apps")
                                && !served.apiVersion().equals(served.kind().storageVersion()));
        return old ? Propagation.ORPHAN : Propagation.BACKGROUND;
    }

    static void check(ServedResource served, Resource resource, DeleteOptions options) {
        String name = resource.key().name();
        if (resource.key().kind().equals(GroupKind.NAMESPACE) && PERMANENT.contains(name)) {
            throw new ApiFailure(
                    Status.forbidden(
                            served.group(),
                            served.plural(),
                            name,
                            "this namespace may not be deleted"));
        }
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

    /** The resource if it is still there, on its way out; otherwise that it is gone. */
    private Reply outcome(
            Format format, ServedResource served, Resource resource, DeleteOptions options) {
        Optional<Resource> still =
                commands.state()
                        .resource(resource.key())
                        .filter(found -> found.uid().equals(resource.uid()));
        if (still.isPresent() || options.dryRun()) {
            Writer writer = new Writer(served, format, commands.now());
            return Reply.json(200, writer.one(still.orElse(resource)));
        }
        ObjectNode details =
                Status.details(served.group(), served.plural(), resource.key().name()).toObject();
        details.put("uid", resource.uid().value());
        return Status.success(200, Json.of(details));
    }
}
