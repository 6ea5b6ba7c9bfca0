package dev.shiplog.api.write;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.auth.WriteGuard;
import dev.shiplog.api.write.Commits.Committed;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SourceCommand.Books;
import dev.shiplog.decide.Decision;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.kind.ObjectMeta;
import dev.shiplog.source.Declarations.Change;
import dev.shiplog.source.edit.Bookkeeping;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.Declared;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Where a write goes: into a commit if Git declares the resource or shall declare it, else into the
 * log at once.
 */
final class Landing {
    private final Commits commits;
    private final Commands commands;
    private final WriteGuard guard;

    Landing(Commits commits, Commands commands, WriteGuard guard) {
        this.commits = commits;
        this.commands = commands;
        this.guard = guard;
    }

    /** Whoever may write may still not write this. */
    private void look(Call call, String verb, Optional<Resource> before, Wish wish) {
        if (!guard.concerns(call.request().identity(), call.served().kind())) {
            return;
        }
        WriteGuard.Write write =
                new WriteGuard.Write(
                        verb,
                        call.served().kind(),
                        wish.key(),
                        "",
                        before.map(Resource::document),
                        Optional.of(
                                Wish.document(
                                        wish.key(), wish.apiVersion(), wish.meta(), wish.body())));
        guard.objection(call.request().identity(), write)
                .ifPresent(status -> {
                    throw new ApiFailure(status);
                });
    }

    /** What became of a write. */
    sealed interface Landed {
        /** The resource is so, or would be. */
        record There(Resource resource) implements Landed {}

        /** It would be so, but waits for somebody to agree; the client is warned. */
        record Waiting(Resource resource) implements Landed {}

        /** It was computed from what does not hold any more: compute it again. */
        record Stale() implements Landed {}

        /** Something of that name is there. */
        record Taken() implements Landed {}
    }

    /** Whether a change of a resource is a change of what Git declares. */
    static Optional<Declared> declaration(ClusterState state, Resource live) {
        // One that is on its way out has nothing left to be declared about it.
        return live.metadata().deleting() ? Optional.empty() : state.declared(live.key());
    }

    /** Makes a new resource. */
    Landed create(Call call, Wish wish) throws InterruptedException {
        ClusterState state = commands.state();
        if (state.resource(wish.key()).isPresent() || state.declared(wish.key()).isPresent()) {
            return new Landed.Taken();
        }
        look(call, "create", Optional.empty(), wish);
        warn(call, wish);
        return noted(call, wish.toDeclare() ? declare(call, wish) : record(call, wish));
    }

    private void warn(Call call, Wish wish) {
        SecurityAdvice.warning(commands.state(), wish.key(), wish.body())
                .ifPresent(call.warnings()::add);
    }

    /** Takes a note of what the namespace audits. */
    private Landed noted(Call call, Landed landed) throws InterruptedException {
        if (landed instanceof Landed.There(Resource resource) && !call.dryRun()) {
            Optional<ResourceCommand> note = SecurityAdvice.note(commands.state(), resource);
            if (note.isPresent()) {
                commands.submit(call.request(), note.get(), false);
            }
        }
        return landed;
    }

    private Landed declare(Call call, Wish wish) throws InterruptedException {
        SortedMap<String, String> annotations = new TreeMap<>(wish.meta().annotations());
        annotations.keySet().removeIf(name -> !Bookkeeping.holds(name));
        Books books = new Books(wish.key(), annotations, List.of(), wish.managedFields());
        Committed committed =
                commits.put(
                        call.request(),
                        call.served(),
                        wish.key(),
                        CommitMessage.created(wish.key()),
                        new Change.Put(wish.key(), Optional.empty(), Json.of(wish.said())),
                        told(books),
                        call.dryRun());
        return switch (committed) {
            case Committed.Stale _ -> new Landed.Taken();
            case Committed.Waiting(String told) -> {
                call.warnings().add(told);
                yield new Landed.Waiting(imagined(wish));
            }
            case Committed.Done _ -> {
                if (!call.dryRun()) {
                    keepBooks(call, books);
                }
                yield new Landed.There(newest(wish).orElseGet(() -> imagined(wish)));
            }
        };
    }

    private Landed record(Call call, Wish wish) throws InterruptedException {
        Outcome outcome =
                commands.submit(
                        call.request(),
                        new ResourceCommand.CreateResource(
                                wish.key(),
                                wish.apiVersion(),
                                wish.meta().labels(),
                                wish.meta().annotations(),
                                wish.meta().owners(),
                                wish.meta().finalizers(),
                                wish.body(),
                                wish.generateName(),
                                wish.managedFields()),
                        call.dryRun());
        if (outcome instanceof Outcome.Refused refused
                && refused.reason() == Decision.Reason.ALREADY_EXISTS) {
            return new Landed.Taken();
        }
        Commands.check(call.served(), wish.key().name(), outcome);
        return new Landed.There(newest(wish).orElseGet(() -> imagined(wish)));
    }

    /** Changes a live resource. */
    Landed update(Call call, Resource live, Wish wish) throws InterruptedException {
        look(call, "update", Optional.of(live), wish);
        Optional<Declared> declared = declaration(commands.state(), live);
        boolean changes = !wish.body().equals(live.body());
        if (changes) {
            warn(call, wish);
        }
        Landed landed =
                declared.isPresent()
                        ? redeclare(call, live, declared.get(), wish)
                        : rewrite(call, live, wish);
        return changes ? noted(call, landed) : landed;
    }

    private Landed redeclare(Call call, Resource live, Declared entry, Wish wish)
            throws InterruptedException {
        ObjectMeta said =
                new ObjectMeta(
                        entry.labels(), entry.annotations(), entry.owners(), entry.finalizers());
        Json before = Wish.document(live.key(), entry.apiVersion(), said, entry.body());
        Json after =
                Wish.document(
                        live.key(),
                        entry.apiVersion(),
                        carried(said, live, wish),
                        Carried.over(entry.body(), live.body(), wish.body()));
        adviseOnOwners(call, live, wish);
        Books books = books(live, entry, wish);
        if (!before.equals(after)) {
            Committed committed =
                    commits.put(
                            call.request(),
                            call.served(),
                            live.key(),
                            CommitMessage.changed(live.key(), before, after, call.command()),
                            new Change.Put(live.key(), Optional.of(before), after),
                            told(books),
                            call.dryRun());
            if (committed instanceof Committed.Waiting(String told)) {
                call.warnings().add(told);
                return new Landed.Waiting(wish.over(live));
            }
            if (committed instanceof Committed.Stale) {
                return new Landed.Stale();
            }
        }
        if (call.dryRun()) {
            return new Landed.There(wish.over(live));
        }
        keepBooks(call, books);
        return new Landed.There(newest(wish).orElseGet(() -> wish.over(live)));
    }

    /** What an owner means to what Git declares is not what it means elsewhere. */
    private static void adviseOnOwners(Call call, Resource live, Wish wish) {
        List<OwnerReference> owners = wish.meta().owners();
        for (int i = 0; i < owners.size(); i++) {
            OwnerReference owner = owners.get(i);
            if (live.metadata().owners().contains(owner)) {
                continue;
            }
            boolean made =
                    owner.controller()
                            && OwnerReference.makes(owner.kind(), live.key().kind().kind());
            call.warnings()
                    .add(
                            made
                                    ? "metadata.ownerReferences[%d] is ignored: %s is declared in Git, and so nothing that a %s made"
                                            .formatted(i, live.key().name(), owner.kind())
                                    : "metadata.ownerReferences[%d]: %s is declared in Git, and stays when its owner is deleted"
                                            .formatted(i, live.key().name()));
        }
    }

    /** What is said of it in Git after a client changed the live resource. */
    private static ObjectMeta carried(ObjectMeta said, Resource live, Wish wish) {
        Metadata now = live.metadata();
        SortedMap<String, String> annotations =
                carried(said.annotations(), now.annotations(), wish.meta().annotations());
        annotations.keySet().removeIf(Bookkeeping::holds);
        return new ObjectMeta(
                carried(said.labels(), now.labels(), wish.meta().labels()),
                annotations,
                carried(said.owners(), now.owners(), wish.meta().owners()),
                carried(said.finalizers(), now.finalizers(), wish.meta().finalizers()));
    }

    private static SortedMap<String, String> carried(
            SortedMap<String, String> said,
            SortedMap<String, String> live,
            SortedMap<String, String> wish) {
        SortedMap<String, String> carried = new TreeMap<>(said);
        TreeSet<String> names = new TreeSet<>(live.keySet());
        names.addAll(wish.keySet());
        for (String name : names) {
            if (Objects.equals(live.get(name), wish.get(name))) {
                continue;
            }
            if (wish.containsKey(name)) {
                carried.put(name, wish.getOrDefault(name, ""));
            } else {
                carried.remove(name);
            }
        }
        return carried;
    }

    private static <T> List<T> carried(List<T> said, List<T> live, List<T> wish) {
        List<T> carried = new ArrayList<>(said);
        carried.removeIf(item -> live.contains(item) && !wish.contains(item));
        wish.stream()
                .filter(item -> !live.contains(item) && !carried.contains(item))
                .forEach(carried::add);
        return carried;
    }

    /** What only the live resource is to have, beside what Git declares. */
    private static Books books(Resource live, Declared entry, Wish wish) {
        SortedMap<String, String> annotations = new TreeMap<>();
        wish.meta()
                .annotations()
                .forEach((name, value) -> {
                    if (Bookkeeping.holds(name)
                            && !value.equals(live.metadata().annotations().get(name))) {
                        annotations.put(name, value);
                    }
                });
        List<String> dropped =
                live.metadata().annotations().keySet().stream()
                        .filter(name -> !wish.meta().annotations().containsKey(name))
                        .filter(name -> !entry.annotations().containsKey(name))
                        .toList();
        return new Books(live.key(), annotations, dropped, wish.managedFields());
    }

    /** Sees to books that did not come along with a commit, or that there was no commit for. */
    private void keepBooks(Call call, Books books) throws InterruptedException {
        Optional<Resource> live =
                commands.state().resource(books.key()).filter(found -> !kept(books, found));
        if (live.isPresent() && !told(books).isEmpty()) {
            // What was asked for is done: books that cannot be kept are no failure of it.
            commands.submit(
                    call.request(),
                    new ResourceCommand.KeepBooks(
                            books.key(),
                            live.get().uid(),
                            books.annotations(),
                            books.dropped(),
                            Optional.of(books.managedFields())),
                    false);
        }
    }

    /** The books, if they say anything. */
    private static List<Books> told(Books books) {
        boolean nothing =
                books.annotations().isEmpty()
                        && books.dropped().isEmpty()
                        && books.managedFields().isEmpty();
        return nothing ? List.of() : List.of(books);
    }

    private static boolean kept(Books books, Resource live) {
        Map<String, String> annotations = live.metadata().annotations();
        return annotations.entrySet().containsAll(books.annotations().entrySet())
                && books.dropped().stream().noneMatch(annotations::containsKey)
                && books.managedFields().equals(live.metadata().managedFields());
    }

    private Landed rewrite(Call call, Resource live, Wish wish) throws InterruptedException {
        List<OwnerReference> owners = wish.meta().owners();
        Outcome outcome =
                commands.submit(
                        call.request(),
                        new ResourceCommand.WriteResource(
                                live.key(),
                                live.uid(),
                                live.version(),
                                wish.meta().labels(),
                                wish.meta().annotations(),
                                owners,
                                wish.meta().finalizers(),
                                wish.body(),
                                wish.managedFields()),
                        call.dryRun());
        if (outcome instanceof Outcome.Refused refused
                && refused.reason() == Decision.Reason.STALE) {
            return new Landed.Stale();
        }
        Commands.check(call.served(), live.key().name(), outcome);
        return new Landed.There(
                call.dryRun() ? wish.over(live) : newest(wish).orElseGet(() -> wish.over(live)));
    }

    private Optional<Resource> newest(Wish wish) {
        return commands.state().resource(wish.key());
    }

    /** What a resource that is not there, or not any more, would look like. */
    private Resource imagined(Wish wish) {
        Metadata metadata =
                new Metadata(
                        new Uid(UUID.randomUUID().toString()),
                        1,
                        commands.now(),
                        wish.meta().labels(),
                        wish.meta().annotations(),
                        wish.meta().owners(),
                        wish.meta().finalizers(),
                        Optional.empty(),
                        wish.generateName(),
                        wish.managedFields());
        return new Resource(
                wish.key(),
                wish.apiVersion(),
                metadata,
                wish.body(),
                Json.EMPTY,
                commands.state().position());
    }

    /** For callers that cannot go on without one. */
    static ApiFailure taken(Call call, String name) {
        return new ApiFailure(Commands.alreadyExists(call.served(), name));
    }
}
