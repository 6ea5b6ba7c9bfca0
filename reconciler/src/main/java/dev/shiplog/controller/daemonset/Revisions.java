package dev.shiplog.controller.daemonset;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Claims;
import dev.shiplog.controller.TemplateHash;
import dev.shiplog.controller.Templates;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The templates that a DaemonSet had, as ControllerRevisions: what {@code kubectl rollout history}
 * lists and {@code undo} takes back. The newest number is that of the template it has now.
 *
 * @param hash what pods of the present template are labelled with
 * @param commands what must happen before that hash stands
 * @param old revisions of other templates, oldest first
 */
record Revisions(String hash, List<Command> commands, List<Resource> old) {
    /** The label of pods and revisions that says of which template they are. */
    static final String HASH = "controller-revision-hash";

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    static Revisions of(ClusterState state, DaemonWish wish) {
        Claims claims =
                Claims.of(
                        state,
                        wish.owner(),
                        GroupKind.CONTROLLER_REVISION,
                        wish.selector(),
                        _ -> true);
        Json data = data(wish);
        List<Resource> old = new ArrayList<>();
        Optional<Resource> current = Optional.empty();
        for (Resource revision : claims.managed()) {
            boolean same = revision.body().toNode().path("data").equals(data.toNode());
            if (current.isEmpty() && same) {
                current = Optional.of(revision);
            } else {
                old.add(revision);
            }
        }
        old.sort(Comparator.comparingLong(Revisions::number));
        long next = old.isEmpty() ? 1 : number(old.getLast()) + 1;
        if (!claims.commands().isEmpty() || wish.owner().metadata().deleting()) {
            return new Revisions(
                    current.map(Revisions::hash).orElse(""), claims.commands(), List.copyOf(old));
        }
        if (current.isEmpty()) {
            String hash = freeHash(state, wish);
            Command create = create(wish, data, hash, next, claims.controlled());
            return new Revisions(hash, List.of(create), List.copyOf(old));
        }
        return new Revisions(
                hash(current.get()),
                number(current.get()) < next && !old.isEmpty()
                        ? List.of(renumbered(current.get(), next))
                        : List.of(),
                List.copyOf(old));
    }

    /** What a strategic merge patch makes the template of. */
    private static Json data(DaemonWish wish) {
        ObjectNode data = Json.EMPTY.toObject();
        ObjectNode template = wish.template().deepCopy();
        template.put("$patch", "replace");
        data.putObject("spec").set("template", template);
        return Json.of(data);
    }

    private static Command create(
            DaemonWish wish, Json data, String hash, long number, int controlled) {
        Resource owner = wish.owner();
        SortedMap<String, String> labels = Templates.labels(wish.template());
        labels.put(HASH, hash);
        SortedMap<String, String> annotations = new TreeMap<>(owner.metadata().annotations());
        annotations.remove(LAST_APPLIED);
        ObjectNode body = Json.EMPTY.toObject();
        body.set("data", data.toNode());
        body.put("revision", number);
        return new ResourceCommand.CreateDependents(
                DaemonSetController.NAME,
                owner.key(),
                owner.uid(),
                owner.metadata().generation(),
                controlled,
                List.of(
                        new ResourceCommand.Dependent(
                                GroupKind.CONTROLLER_REVISION,
                                "apps/v1",
                                Optional.of(owner.key().name() + "-" + hash),
                                labels,
                                annotations,
                                List.of(),
                                Json.of(body))));
    }

    /** A template that came back is the newest again. */
    private static Command renumbered(Resource revision, long number) {
        ObjectNode body = revision.body().toObject();
        body.put("revision", number);
        return new ResourceCommand.ReviseResource(
                revision.key(),
                revision.uid(),
                revision.metadata().generation(),
                Json.of(body),
                Optional.empty(),
                List.of());
    }

    /** A hash whose name is free. */
    private static String freeHash(ClusterState state, DaemonWish wish) {
        int collisions = 0;
        while (true) {
            String hash = TemplateHash.of(wish.template(), collisions);
            ResourceKey key =
                    new ResourceKey(
                            GroupKind.CONTROLLER_REVISION,
                            wish.owner().key().namespace(),
                            wish.owner().key().name() + "-" + hash);
            if (state.resource(key).isEmpty()) {
                return hash;
            }
            collisions++;
        }
    }

    /**
     * Deletes the oldest above the limit.
     *
     * @param inUse the hashes of pods that are there
     */
    List<Command> trim(DaemonWish wish, Set<String> inUse) {
        return old.stream()
                .limit(Math.max(0, old.size() - wish.revisionHistoryLimit()))
                .filter(revision ->
                        !revision.metadata().deleting() && !inUse.contains(hash(revision)))
                .<Command>map(revision ->
                        new ResourceCommand.DeleteResource(
                                revision.key(),
                                Optional.of(revision.uid()),
                                OptionalLong.empty(),
                                Propagation.BACKGROUND,
                                List.of()))
                .toList();
    }

    private static long number(Resource revision) {
        return revision.body().toNode().path("revision").asLong();
    }

    private static String hash(Resource revision) {
        return revision.metadata().labels().getOrDefault(HASH, "");
    }
}
