package dev.shiplog.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.audit.Moment;
import dev.shiplog.command.AccessCommand;
import dev.shiplog.command.Command;
import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What {@code shiplog log}, {@code why} and {@code state} take, and what they say of nothing. */
class LogCommandTest {
    private final DirectLedger ledger = new DirectLedger(() -> Instant.EPOCH);
    private final StringWriter err = new StringWriter();

    LogCommandTest() {
        submit(created(ResourceKey.namespace("shop")));
        submit(created(ResourceKey.pod("shop", "web")));
        submit(
                new AccessCommand.RecordRefusal(
                        "ann", "127.0.0.1", "get", "secrets", "nothing allows it", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pod/web", "pod web", "pods/web", "Pod/shop/web", "po web"})
    void anObjectIsNamedAsKubectlNamesIt(String words) {
        String told = answered(new LogCommand(), (words + " -n shop").split(" "));
        assertTrue(told.strip().endsWith("Pod/shop/web  created"), told);
    }

    @Test
    void whatTheLogNamesItCanBeAskedFor() {
        String told = answered(new LogCommand(), "User/ann");
        assertTrue(told.contains("User/ann  refused to get secrets"), told);
    }

    @Test
    void aSourceIsItsCommitsAndNotAllThatTheyDeclare() {
        SourceName cluster = new SourceName("cluster");
        submit(new SourceCommand.RegisterSource(cluster, "file:///r", "main", "", true));
        submit(
                new SourceCommand.ApplyCommit(
                        cluster,
                        new CommitId("62e7e7467d33f2843ce408a4032db6636a6d0297"),
                        Optional.empty(),
                        new CommitInfo("Ann", "ann@example.com", Instant.EPOCH, "Begin"),
                        "ann",
                        List.of(
                                new DeclaredResource(
                                        "a.yaml",
                                        1,
                                        ResourceKey.namespace("a"),
                                        "v1",
                                        new TreeMap<>(),
                                        new TreeMap<>(),
                                        List.of(),
                                        List.of(),
                                        Json.EMPTY)),
                        List.of(),
                        false,
                        SourceCommand.Removal.DEFAULT));
        String told = answered(new LogCommand(), "source/cluster");
        assertEquals(2, told.lines().count(), told);
        assertTrue(told.contains("applied: Begin (1 declared"), told);
    }

    @Test
    void whoLooksInAnotherNamespaceIsToldWhereItIs() {
        assertEquals(
                "Nothing in the log fits (3 events); there is one in namespace shop.\n",
                answered(new LogCommand(), "pod/web"));
        for (AuditCommand command : List.of(new WhyCommand(), new StateCommand())) {
            CommandFailure failure =
                    assertThrows(CommandFailure.class, () -> answered(command, "pod/web"));
            assertTrue(
                    String.valueOf(failure.getMessage()).endsWith("one in namespace shop"),
                    failure.getMessage());
        }
    }

    @Test
    void whatIsLeftOutIsSaid() {
        String told = answered(new LogCommand(), "--limit", "2");
        assertEquals(2, told.lines().count(), told);
        assertEquals("Only the newest 2 are shown; --limit N shows more.\n", err.toString());
        err.getBuffer().setLength(0);
        answered(new LogCommand(), "--limit", "3");
        assertEquals("", err.toString());
        assertThrows(ParameterException.class, () -> answered(new LogCommand(), "--limit", "0"));
    }

    @Test
    void beforeTheLogBeginsThereWasNoCluster() {
        assertEquals(
                "There was no cluster yet: its log begins at 1970-01-01T00:00:00Z.\n",
                answered(new StateCommand(), "--at", "5m"));
    }

    private String answered(AuditCommand command, String... arguments) {
        new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(new PrintWriter(err))
                .parseArgs(arguments);
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out);
        command.answer(ledger, new Moment(ledger, Instant.EPOCH, ZoneOffset.UTC), printer);
        printer.flush();
        return out.toString();
    }

    private void submit(Command command) {
        Outcome outcome = ledger.submit(command, Origin.request("user:ann", "request")).join();
        assertTrue(outcome instanceof Outcome.Applied, outcome::toString);
    }

    private static ResourceCommand.CreateResource created(ResourceKey key) {
        return new ResourceCommand.CreateResource(
                key, "v1", new TreeMap<>(), new TreeMap<>(), Json.EMPTY);
    }
}
