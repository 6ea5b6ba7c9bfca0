package dev.shiplog.controller.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.controller.TemplateHash;
import dev.shiplog.controller.Templates;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The commands that make and change ReplicaSets, and the notes that Kubernetes makes of it. */
final class ReplicaSetChanges {
    private ReplicaSetChanges() {}

    /** Makes the ReplicaSet of the Deployment's template. */
    static List<Command> create(
            DeploymentWish wish, String hash, int controlled, int replicas, long revision) {
        Resource owner = wish.owner();
        SortedMap<String, String> labels = Templates.labels(wish.template());
        labels.put(TemplateHash.LABEL, hash);
        String name = owner.key().name() + "-" + hash;
        ResourceCommand.Dependent dependent =
                new ResourceCommand.Dependent(
                        GroupKind.REPLICA_SET,
                        "apps/v1",
                        Optional.of(name),
                        labels,
                        Annotations.current(wish, new TreeMap<>(), revision),
                        List.of(),
                        body(wish, hash, replicas));
        List<Command> commands = new ArrayList<>();
        commands.add(
                new ResourceCommand.CreateDependents(
                        DeploymentController.NAME,
                        owner.key(),
                        owner.uid(),
                        owner.metadata().generation(),
                        controlled,
                        List.of(dependent)));
        if (replicas > 0) {
            commands.add(new ResourceCommand.AddNote(scaled(wish, name, 0, replicas)));
        }
        return commands;
    }

    /** Gives a ReplicaSet a size and what goes with it; nothing if it has all that. */
    static List<Command> resize(
            DeploymentWish wish,
            ReplicaSetView set,
            int replicas,
            SortedMap<String, String> annotations) {
        ObjectNode body = set.resource().body().toObject();
        body.withObject("/spec").put("replicas", replicas);
        if (set.template().equals(TemplateHash.canonical(wish.template()))) {
            body.withObject("/spec").put("minReadySeconds", wish.minReadySeconds());
        }
        Json resized = Json.of(body);
        if (resized.equals(set.resource().body())
                && annotations.equals(set.resource().metadata().annotations())) {
            return List.of();
        }
        return List.of(
                new ResourceCommand.ReviseResource(
                        set.resource().key(),
                        set.resource().uid(),
                        set.resource().metadata().generation(),
                        resized,
                        Optional.of(annotations),
                        replicas == set.wished()
                                ? List.of()
                                : List.of(scaled(wish, set.name(), set.wished(), replicas))));
    }

    /** As {@link #resize}, for one that was sized along with the others. */
    static List<Command> resize(DeploymentWish wish, RollingUpdate.Size size) {
        return resize(
                wish,
                size.set(),
                size.replicas(),
                Annotations.sized(wish, size.set().resource().metadata().annotations()));
    }

    /** A hash whose name is free: a name that something else has counts as a collision. */
    static String freeHash(ClusterState state, DeploymentWish wish) {
        int collisions = 0;
        while (true) {
            String hash = TemplateHash.of(wish.template(), collisions);
            ResourceKey key =
                    new ResourceKey(
                            GroupKind.REPLICA_SET,
                            wish.owner().key().namespace(),
                            wish.name() + "-" + hash);
            if (state.resource(key).isEmpty() && state.declared(key).isEmpty()) {
                return hash;
            }
            collisions++;
        }
    }

    private static Json body(DeploymentWish wish, String hash, int replicas) {
        ObjectNode template = wish.template().deepCopy();
        template.withObject("/metadata").withObject("/labels").put(TemplateHash.LABEL, hash);
        ObjectNode selector = wish.selectorNode().deepCopy();
        selector.withObject("/matchLabels").put(TemplateHash.LABEL, hash);
        ObjectNode body = Json.EMPTY.toObject();
        ObjectNode spec = body.putObject("spec");
        spec.put("replicas", replicas);
        spec.put("minReadySeconds", wish.minReadySeconds());
        spec.set("selector", selector);
        spec.set("template", template);
        return Json.of(body);
    }

    private static Note scaled(DeploymentWish wish, String name, int before, int after) {
        return Note.normal(
                wish.owner().key(),
                wish.owner().uid(),
                "ScalingReplicaSet",
                "Scaled "
                        + (after > before ? "up" : "down")
                        + " replica set "
                        + name
                        + " from "
                        + before
                        + " to "
                        + after,
                DeploymentController.NAME);
    }
}
