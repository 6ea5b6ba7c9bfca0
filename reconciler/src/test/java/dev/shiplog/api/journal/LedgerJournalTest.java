package dev.shiplog.api.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.Identity;
import dev.shiplog.api.Query;
import dev.shiplog.api.Request;
import dev.shiplog.api.SessionJournal;
import dev.shiplog.audit.Narrative;
import dev.shiplog.audit.Trail;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What {@code shiplog log} says of those who reached into pods, and of those who were refused. */
class LedgerJournalTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final DirectLedger ledger = new DirectLedger(() -> NOON);

    private record Asking(Identity identity) implements Request {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String rawPath() {
            return "/";
        }

        @Override
        public Query query() {
            return Query.EMPTY;
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.empty();
        }

        @Override
        public String id() {
            return "request-1";
        }

        @Override
        public String remote() {
            return "192.0.2.7";
        }

        @Override
        public InputStream body() {
            return InputStream.nullInputStream();
        }
    }

    private List<Recorded> log(Optional<ResourceKey> object, Optional<String> actor) {
        return new Trail(ledger)
                .newest(
                        new Trail.Question(
                                object.map(Tags::resource),
                                actor,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Trail.Telling.STORY),
                        100);
    }

    @Test
    void sessionsAreFoundByPodAndByActor() {
        ResourceKey key = ResourceKey.pod("shop", "web");
        ledger.submit(
                        new ResourceCommand.CreateResource(
                                key, "v1", new TreeMap<>(), new TreeMap<>(), Json.EMPTY),
                        Origin.request("user:test", "test"))
                .join();
        Resource pod = ledger.state().resource(key).orElseThrow();
        Identity ann = Identity.authenticated("ann", List.of());
        try (LedgerJournal journal = new LedgerJournal(ledger, () -> NOON, Duration.ofHours(1))) {
            SessionJournal.Entry entry =
                    journal.opened(
                            ann,
                            new Asking(ann),
                            SessionJournal.Kind.EXEC,
                            pod,
                            "main",
                            List.of("sh", "-c", "id"));
            entry.closed(new SessionJournal.Outcome.Exited(3));
            entry.closed(new SessionJournal.Outcome.Left());
            journal.refused("ann", "192.0.2.7", "get", "secrets", "nothing allows it");
            journal.refused("ann", "192.0.2.7", "get", "secrets", "nothing allows it");
        }
        List<String> said =
                log(Optional.empty(), Optional.of("user:ann")).stream()
                        .map(event ->
                                Narrative.subject(event.event())
                                        + " "
                                        + Narrative.sentence(event.event()))
                        .toList();
        assertEquals(
                List.of(
                        "Pod/shop/web ann runs \"sh -c id\" in container main from 192.0.2.7",
                        "Pod/shop/web session of ann ended: exit code 3",
                        "User/ann refused 2 times to get secrets from 192.0.2.7: nothing allows"
                                + " it"),
                said);
        assertEquals(3, log(Optional.of(key), Optional.empty()).size());
        assertTrue(
                log(Optional.of(key), Optional.empty()).stream()
                        .skip(1)
                        .allMatch(event -> event.origin().correlation().equals("request-1")));
    }
}
