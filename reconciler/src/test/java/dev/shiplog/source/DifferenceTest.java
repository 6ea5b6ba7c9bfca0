package dev.shiplog.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.SourceCommand.ApplyCommit;
import dev.shiplog.command.SourceCommand.RegisterSource;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.source.Difference.Scope;
import dev.shiplog.state.ClusterState;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which objects a change of files declares and withdraws. */
class DifferenceTest {
    private static final SourceName SOURCE = new SourceName("cluster");
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void whatAChangedFileNoLongerDeclaresIsWithdrawn() {
        ClusterState state = state(at("a.yaml", "one"), at("a.yaml", "two"));

        Difference difference =
                Difference.of(
                        state,
                        SOURCE,
                        only("a.yaml"),
                        keys("one", "two"),
                        List.of(at("a.yaml", "two")),
                        _ -> List.of());

        assertEquals(keys("one"), difference.withdrawn());
        assertEquals(List.of(), difference.problems());
    }

    @Test
    void whatMovesBetweenChangedFilesIsNotWithdrawn() {
        ClusterState state = state(at("a.yaml", "one"));

        Difference difference =
                Difference.of(
                        state,
                        SOURCE,
                        only("a.yaml", "b.yaml"),
                        keys("one"),
                        List.of(at("b.yaml", "one")),
                        _ -> List.of());

        assertEquals(List.of(), difference.withdrawn());
        assertEquals(List.of(), difference.problems());
    }

    @Test
    void whatAFileOutsideTheChangeDeclaresIsADuplicateAndNeverWithdrawn() {
        ClusterState state = state(at("old.yaml", "one"));

        Difference difference =
                Difference.of(
                        state,
                        SOURCE,
                        only("new.yaml"),
                        keys("one"),
                        List.of(at("new.yaml", "one")),
                        path -> List.of(at(path, "one")));

        assertEquals(List.of(), difference.withdrawn());
        assertEquals(
                "new.yaml:1:1: Namespace/one is declared by old.yaml:1 too; keep one of the two",
                difference.problems().getFirst().toString());
    }

    @Test
    void everythingOfTheInventoryThatIsNotDeclaredIsWithdrawnWhenAllFilesAreCompared() {
        ClusterState state = state(at("a.yaml", "one"), at("b.yaml", "two"));

        Difference difference =
                Difference.of(
                        state,
                        SOURCE,
                        Scope.EVERYTHING,
                        state.declarationsOf(SOURCE),
                        List.of(at("c.yaml", "two")),
                        _ -> List.of());

        assertEquals(keys("one"), difference.withdrawn());
    }

    @Test
    void anObjectOfAnotherSourceIsNeverWithdrawn() {
        ClusterState state = state(at("a.yaml", "one"));

        Difference difference =
                Difference.of(
                        state,
                        new SourceName("other"),
                        Scope.EVERYTHING,
                        keys("one"),
                        List.of(),
                        _ -> List.of());

        assertEquals(List.of(), difference.withdrawn());
    }

    private static Scope only(String... paths) {
        return new Scope(Optional.of(Set.of(paths)));
    }

    private static List<ResourceKey> keys(String... names) {
        return Arrays.stream(names).map(ResourceKey::namespace).toList();
    }

    private static DeclaredResource at(String path, String name) {
        return new DeclaredResource(
                path,
                1,
                ResourceKey.namespace(name),
                "v1",
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Json.EMPTY);
    }

    private static ClusterState state(DeclaredResource... declared) {
        try (DirectLedger ledger = new DirectLedger(() -> NOW)) {
            Origin origin = Origin.request("system:test", "test");
            var _ = ledger.submit(new RegisterSource(SOURCE, "", "main", "", true), origin);
            var _ =
                    ledger.submit(
                            new ApplyCommit(
                                    SOURCE,
                                    new CommitId("1".repeat(40)),
                                    Optional.empty(),
                                    new CommitInfo("Ann", "ann@example.com", NOW, "Begin"),
                                    "ann",
                                    List.of(declared),
                                    List.of(),
                                    false),
                            origin);
            return ledger.state();
        }
    }
}
