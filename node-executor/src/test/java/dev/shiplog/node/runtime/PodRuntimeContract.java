package dev.shiplog.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What every {@link PodRuntime} keeps: pods, their containers, their ends, and what a restarted
 * program finds. The simulated runtime keeps this; runtimes with real processes keep {@link
 * RealProcessContract} besides.
 */
public abstract class PodRuntimeContract extends RuntimeProbesContract {
    @Test
    void aContainerIsStartedOnceHoweverManyAskAtOnce() throws Exception {
        SandboxStatus pod = sandbox("same");
        ContainerSpec spec = container("main", 0, programs().printsThenStays(List.of("I started")));
        List<ContainerStatus> started = atOnce(6, () -> start(pod, spec));
        assertEquals(1, started.stream().map(ContainerStatus::id).distinct().count());
        assertEquals(1, containers(pod).size());
        String id = started.getFirst().id();
        await("it prints", () -> !log(id).isEmpty());
        assertEquals("I started\n", log(id));
        assertEquals(id, start(pod, spec).id());
    }

    @Test
    void anEndedContainerIsNotStartedAgainUnderItsAttempt() throws Exception {
        SandboxStatus pod = sandbox("ended");
        ContainerSpec spec = container("main", 0, programs().prints(List.of("once")));
        String id = start(pod, spec).id();
        awaitEnd(pod, id);
        ContainerStatus again = start(pod, spec);
        assertEquals(id, again.id());
        assertFalse(again.running());
        assertEquals("once\n", log(id));
    }

    @Test
    void theNextAttemptIsAnotherContainerAndTheEndedOneStays() throws Exception {
        SandboxStatus pod = sandbox("again");
        String first = start(pod, container("main", 0, programs().exits(3))).id();
        awaitEnd(pod, first);
        String second = start(pod, container("main", 1, programs().forever())).id();
        assertNotEquals(first, second);
        List<ContainerStatus> seen = containers(pod);
        assertEquals(List.of(0, 1), seen.stream().map(ContainerStatus::attempt).toList());
        assertEquals(3, seen.get(0).ended().orElseThrow().exitCode());
        assertTrue(seen.get(1).running());
    }

    @Test
    void aSecondAttemptIsRefusedWhileTheFirstLives() throws Exception {
        SandboxStatus pod = sandbox("alive");
        start(pod, container("main", 0, programs().forever()));
        RuntimeFailure refused =
                assertThrows(
                        RuntimeFailure.class,
                        () -> start(pod, container("main", 1, programs().forever())));
        assertEquals(Kind.INVALID_SPEC, refused.kind());
        assertEquals(1, containers(pod).stream().filter(ContainerStatus::running).count());
    }

    @Test
    void aStatusSaysWhatRuns() throws Exception {
        Instant before = Instant.now().minusSeconds(5);
        SandboxStatus pod = sandbox("told");
        ContainerStatus main = start(pod, container("main", 0, programs().forever()));
        assertEquals("main", main.name());
        assertEquals(0, main.attempt());
        assertEquals(image(), main.image());
        assertEquals(runtime.imageId(image()), Optional.of(main.imageId()));
        assertTrue(main.running());
        assertTrue(main.started().orElseThrow().isAfter(before), () -> "started: " + main);
        assertEquals(main, status(pod, main.id()));
        assertTrue(pod.created().isAfter(before), () -> "created: " + pod);
    }

    @Test
    void exitCodesComeBack() throws Exception {
        SandboxStatus pod = commonPod();
        String zero = start(pod, container("zero", 0, programs().exits(0))).id();
        String three = start(pod, container("three", 0, programs().exits(3))).id();
        assertEquals(0, awaitEnd(pod, zero).exitCode());
        assertEquals(3, awaitEnd(pod, three).exitCode());
        List<String> names = containers(pod).stream().map(ContainerStatus::name).toList();
        assertEquals(names.stream().sorted().toList(), names);
        assertTrue(names.containsAll(List.of("three", "zero")), names::toString);
    }

    @Test
    void aStopThatIsHeededEndsLongBeforeTheGrace() throws Exception {
        SandboxStatus pod = sandbox("polite");
        String id =
                start(pod, container("main", 0, programs().printsThenStays(List.of("up")))).id();
        await("it is up", () -> !log(id).isEmpty());
        Duration grace = PATIENCE.multipliedBy(5);
        ContainerStatus stopped =
                atOnce(1, () -> runtime.stopContainer(id, grace)).getFirst(); // bounded by PATIENCE
        assertEquals(0, stopped.ended().orElseThrow().exitCode());
        assertEquals(stopped, runtime.stopContainer(id, grace));
    }

    @Test
    void aStopThatIsIgnoredEndsWithAKillAfterTheGrace() throws Exception {
        SandboxStatus pod = sandbox("deaf");
        String id = start(pod, container("main", 0, programs().deaf())).id();
        ContainerStatus stopped = runtime.stopContainer(id, Duration.ofSeconds(1));
        assertEquals(137, stopped.ended().orElseThrow().exitCode());
        assertEquals(stopped, status(pod, id));
    }

    @Test
    void aCommandThatIsNotThereIsAStartFailure() throws Exception {
        SandboxStatus pod = sandbox("missing");
        RuntimeFailure failure =
                assertThrows(
                        RuntimeFailure.class,
                        () -> start(pod, container("main", 0, programs().nosuch())));
        assertEquals(Kind.START_FAILED, failure.kind(), failure::getMessage);
        assertTrue(String.valueOf(failure.getMessage()).contains("nosuch"), failure::getMessage);
        for (ContainerStatus kept : containers(pod)) {
            int code = kept.ended().orElseThrow().exitCode();
            assertTrue(Set.of(127, 128).contains(code), () -> "exit code " + code);
        }
        assertTrue(start(pod, container("main", 1, programs().forever())).running());
    }

    @Test
    void anImageThatIsNotHereIsNotFound() throws Exception {
        assertEquals(Optional.empty(), runtime.imageId("shiplog.invalid/missing:1"));
        assertTrue(runtime.imageId(image()).orElseThrow().startsWith("sha256:"));
        SandboxStatus pod = commonPod();
        ContainerSpec here = container("noimage", 0, programs().forever());
        ContainerSpec spec =
                new ContainerSpec(
                        "noimage",
                        0,
                        "shiplog.invalid/missing:1",
                        here.command(),
                        List.of(),
                        here.env(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        false,
                        false);
        RuntimeFailure failure = assertThrows(RuntimeFailure.class, () -> start(pod, spec));
        assertEquals(Kind.IMAGE_NOT_FOUND, failure.kind(), failure::getMessage);
    }

    @Test
    void aNameThatIsNoImageNameIsRefused() {
        RuntimeFailure failure =
                assertThrows(
                        RuntimeFailure.class, () -> runtime.pull("Not An:Image", progress -> {}));
        assertEquals(Kind.INVALID_IMAGE_NAME, failure.kind(), failure::getMessage);
    }

    @Test
    void aPullFromARegistryThatIsNotThereFailsInBoundedTime() {
        RuntimeFailure failure =
                assertThrows(
                        RuntimeFailure.class,
                        () -> runtime.pull(unreachableImage(), progress -> {}));
        assertEquals(Kind.REGISTRY_UNREACHABLE, failure.kind(), failure::getMessage);
    }

    @Test
    void aWatchHintsWhenAContainerEndsByItself() throws Exception {
        Set<String> hinted = ConcurrentHashMap.newKeySet();
        SandboxStatus pod = sandbox("watched");
        try (PodRuntime.Watch watching = runtime.watch(hinted::add)) {
            assertTrue(watching != null);
            ContainerStatus main =
                    start(pod, container("main", 0, programs().printsSlowly("one", "two")));
            awaitEnd(pod, main.id());
            hinted.clear();
            // Ends a second one, so that a hint must come from an end and not from a start.
            start(pod, container("brief", 0, programs().exits(0)));
            await("a hint", () -> hinted.contains(pod.podUid()));
        }
    }

    @Test
    void removingTwiceIsRemovingOnce() throws Exception {
        SandboxStatus pod = sandbox("removed");
        ContainerStatus main = start(pod, container("main", 0, programs().exits(0)));
        awaitEnd(pod, main.id());
        runtime.removeContainer(main.id());
        runtime.removeContainer(main.id());
        assertEquals(List.of(), containers(pod));
        start(pod, container("main", 1, programs().forever()));
        runtime.removeSandbox(pod.id());
        runtime.removeSandbox(pod.id());
        assertEquals(Optional.empty(), runtime.pod(pod.podUid()));
    }

    @Test
    void aContainerMaySeeTheMachinesFiles() throws Exception {
        SandboxStatus pod = commonPod();
        Path file = Files.createTempFile("shiplog-mount-", ".txt");
        ContainerSpec spec = container("sees", 0, programs().forever());
        ContainerStatus main =
                start(pod, spec.withMounts(List.of(Mount.readOnly(file, "/etc/seen.txt"))));
        assertTrue(main.running());
        runtime.stopContainer(main.id(), NO_GRACE);
        assertTrue(Files.exists(file));
    }

    @Test
    void aRuntimeNamesItself() {
        assertTrue(
                runtime.info().version().matches("[a-z]+://[0-9A-Za-z].*"),
                () -> runtime.info().version());
        assertTrue(Set.of("docker", "process", "simulated").contains(runtime.name()));
    }
}
