package dev.shiplog.ledger;

import dev.shiplog.command.Command;
import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Commands that tests begin with. */
public final class Samples {
    public static final SourceName SOURCE = new SourceName("cluster");

    private Samples() {}

    public static ResourceKey configMap(String name) {
        return new ResourceKey(new GroupKind("", "ConfigMap"), "default", name);
    }

    public static Command registerSource() {
        return new SourceCommand.RegisterSource(SOURCE, "file:///srv/git", "main", "", true);
    }

    /** Declares a namespace and a resource in it. */
    public static Command firstCommit() {
        ResourceKey namespace = ResourceKey.namespace("web");
        return new SourceCommand.ApplyCommit(
                SOURCE,
                new CommitId("0123456789012345678901234567890123456789"),
                Optional.empty(),
                new CommitInfo(
                        "Ann", "ann@example.org", Instant.parse("2026-11-23T09:59:00Z"), "Begin"),
                "user:ann",
                List.of(
                        declared(namespace, "{}"),
                        declared(
                                new ResourceKey(new GroupKind("", "ConfigMap"), "web", "site"),
                                "{\"data\":{\"title\":\"Ships\"}}")),
                List.of(),
                false);
    }

    private static DeclaredResource declared(ResourceKey key, String body) {
        return new DeclaredResource(
                "web.yaml", 1, key, "v1", new TreeMap<>(), new TreeMap<>(), Json.parse(body));
    }
}
