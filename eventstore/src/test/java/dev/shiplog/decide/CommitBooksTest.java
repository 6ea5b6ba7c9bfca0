package dev.shiplog.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.Command;
import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.command.SourceCommand.ApplyCommit;
import dev.shiplog.command.SourceCommand.Books;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.ledger.Samples;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is known beside a commit is on the resource as soon as the commit is, in one append. */
class CommitBooksTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final ResourceKey SITE = Samples.configMap("site");
    private static final Json FIELDS = Json.parse("[{\"manager\":\"kubectl\"}]");

    private final DirectLedger ledger = new DirectLedger(() -> NOW);

    CommitBooksTest() {
        events(Samples.registerSource());
        events(
                new ResourceCommand.CreateResource(
                        ResourceKey.namespace("default"),
                        "v1",
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Json.EMPTY));
    }

    @Test
    void booksComeWithTheirCommit() {
        assertEquals(
                "CommitApplied ResourceDeclared MetadataChanged",
                events(commit(1, "Ships", List.of(books(SITE, "{\"one\":1}")))));

        Resource site = ledger.state().resource(SITE).orElseThrow();
        assertEquals(FIELDS, site.metadata().managedFields());
        assertEquals("{\"one\":1}", site.metadata().annotations().get("applied"));
        assertTrue(
                ledger.state().declared(SITE).orElseThrow().annotations().isEmpty(),
                "Git says nothing of it");
    }

    @Test
    void commitsOfOneAppendKeepTheirOwn() {
        ApplyCommit first = commit(1, "Ships", List.of(books(SITE, "{\"one\":1}")));
        ApplyCommit second =
                new ApplyCommit(
                        Samples.SOURCE,
                        id(2),
                        Optional.of(id(1)),
                        first.info(),
                        "user:ann",
                        List.of(declared("Boats")),
                        List.of(),
                        false,
                        SourceCommand.Removal.DEFAULT,
                        List.of(books(SITE, "{\"two\":2}")));

        events(new SourceCommand.ApplyCommits(Samples.SOURCE, List.of(first, second)));

        Resource site = ledger.state().resource(SITE).orElseThrow();
        assertEquals("{\"data\":{\"title\":\"Boats\"}}", site.body().toString());
        assertEquals("{\"two\":2}", site.metadata().annotations().get("applied"));
    }

    @Test
    void booksOfWhatTheCommitDoesNotDeclareAreLeftOut() {
        ResourceKey other = ResourceKey.namespace("default");

        assertEquals(
                "CommitApplied ResourceDeclared",
                events(commit(1, "Ships", List.of(books(other, "{}")))));
    }

    private static Books books(ResourceKey key, String applied) {
        return new Books(key, new TreeMap<>(Map.of("applied", applied)), List.of(), FIELDS);
    }

    private static CommitId id(int number) {
        return new CommitId("%040x".formatted(number));
    }

    private static ApplyCommit commit(int number, String title, List<Books> books) {
        return new ApplyCommit(
                Samples.SOURCE,
                id(number),
                Optional.empty(),
                new CommitInfo("Ann", "ann@example.org", NOW, "Change"),
                "user:ann",
                List.of(declared(title)),
                List.of(),
                false,
                SourceCommand.Removal.DEFAULT,
                books);
    }

    private static DeclaredResource declared(String title) {
        return new DeclaredResource(
                "site.yaml",
                1,
                SITE,
                "v1",
                new TreeMap<>(),
                new TreeMap<>(),
                Json.parse("{\"data\":{\"title\":\"" + title + "\"}}"));
    }

    private String events(Command command) {
        Outcome outcome = ledger.submit(command, Origin.request("git:ann", "test")).join();
        if (outcome instanceof Outcome.Applied(var events)) {
            return events.stream()
                    .map(one -> one.event().getClass().getSimpleName())
                    .collect(Collectors.joining(" "));
        }
        throw new AssertionError(outcome.toString());
    }
}
