package dev.shiplog.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.AccessCommand;
import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.Tag;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SessionKind;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Each filter of {@code shiplog log} finds what it says, and nothing else. */
class TrailTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final String COMMIT = "62e7e7467d33f2843ce408a4032db6636a6d0297";

    private Instant now = NOON;
    private final DirectLedger ledger = new DirectLedger(() -> now);

    /** One event a minute, and the third by a commit. */
    @BeforeEach
    void happen() {
        submit(created(ResourceKey.namespace("shop")), Origin.request("user:ann", "r1"));
        submit(created(ResourceKey.pod("shop", "web")), Origin.request("user:ben", "r2"));
        submit(
                created(ResourceKey.pod("shop", "db")),
                new Origin(
                        "git:ann@example.com",
                        Cause.none(),
                        "r3",
                        Optional.of(new CommitId(COMMIT))));
        submit(
                new AccessCommand.OpenSession(
                        "eve",
                        "127.0.0.1",
                        "session-1",
                        SessionKind.EXEC,
                        ResourceKey.pod("shop", "web"),
                        ledger.state().resource(ResourceKey.pod("shop", "web")).orElseThrow().uid(),
                        "main",
                        List.of("sh")),
                Origin.request("user:eve", "r4"));
    }

    @Test
    void byObject() {
        assertEquals(List.of(2L, 4L), found(asking().object("web")));
        assertEquals(List.of(3L), found(asking().object("db")));
        assertEquals(List.of(), found(asking().object("none")));
    }

    @Test
    void byActor() {
        assertEquals(List.of(1L, 3L), found(asking().actor("ann")));
        assertEquals(List.of(2L), found(asking().actor("user:ben")));
    }

    @Test
    void byCommit() {
        assertEquals(List.of(3L), found(asking().commit(COMMIT.substring(0, 7))));
        assertEquals(List.of(), found(asking().commit("1" + COMMIT.substring(1))));
    }

    @Test
    void byTimeWithBothEnds() {
        assertEquals(List.of(2L, 3L, 4L), found(asking().since(1)));
        assertEquals(List.of(1L, 2L), found(asking().until(1)));
        assertEquals(List.of(2L, 3L), found(asking().since(1).until(2)));
        assertEquals(List.of(), found(asking().since(2).until(1)));
    }

    @Test
    void allAtOnce() {
        assertEquals(
                List.of(3L),
                found(asking().object("db").actor("git:").commit("62e7").since(2).until(2)));
        assertEquals(List.of(), found(asking().object("db").actor("user:")));
    }

    @Test
    void whoOnlyLookedChangedNothing() {
        assertEquals(List.of(1L, 2L, 3L), found(asking().telling(Trail.Telling.CHANGES)));
        assertEquals(List.of(1L, 2L, 3L, 4L), found(asking().telling(Trail.Telling.EVERYTHING)));
    }

    @Test
    void theNewestAreKeptAndToldInOrder() {
        List<Long> newest =
                new Trail(ledger)
                        .newest(asking().question(), 2).stream()
                                .map(event -> event.position().value())
                                .toList();
        assertEquals(List.of(3L, 4L), newest);
    }

    private List<Long> found(Asking asking) {
        List<Recorded> found = new Trail(ledger).newest(asking.question(), 100);
        return found.stream().map(event -> event.position().value()).toList();
    }

    private void submit(Command command, Origin origin) {
        Outcome outcome = ledger.submit(command, origin).join();
        assertTrue(outcome instanceof Outcome.Applied, outcome::toString);
        now = now.plus(Duration.ofMinutes(1));
    }

    private static ResourceCommand.CreateResource created(ResourceKey key) {
        return new ResourceCommand.CreateResource(
                key, "v1", new TreeMap<>(), new TreeMap<>(), Json.EMPTY);
    }

    private static Asking asking() {
        return new Asking(
                new Trail.Question(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Trail.Telling.STORY));
    }

    /** A question that becomes narrower step by step. */
    private record Asking(Trail.Question question) {
        Asking object(String pod) {
            return with(
                    Optional.of(Tags.resource(ResourceKey.pod("shop", pod))),
                    question.actor(),
                    question.commit(),
                    question.since(),
                    question.until());
        }

        Asking actor(String part) {
            return with(
                    question.about(),
                    Optional.of(part),
                    question.commit(),
                    question.since(),
                    question.until());
        }

        Asking commit(String prefix) {
            return with(
                    question.about(),
                    question.actor(),
                    Optional.of(prefix),
                    question.since(),
                    question.until());
        }

        Asking since(int minutes) {
            return with(
                    question.about(),
                    question.actor(),
                    question.commit(),
                    Optional.of(NOON.plus(Duration.ofMinutes(minutes))),
                    question.until());
        }

        Asking until(int minutes) {
            return with(
                    question.about(),
                    question.actor(),
                    question.commit(),
                    question.since(),
                    Optional.of(NOON.plus(Duration.ofMinutes(minutes))));
        }

        Asking telling(Trail.Telling telling) {
            return new Asking(
                    new Trail.Question(
                            question.about(),
                            question.actor(),
                            question.commit(),
                            question.since(),
                            question.until(),
                            telling));
        }

        private Asking with(
                Optional<Tag> about,
                Optional<String> actor,
                Optional<String> commit,
                Optional<Instant> since,
                Optional<Instant> until) {
            return new Asking(
                    new Trail.Question(about, actor, commit, since, until, question.telling()));
        }
    }
}
