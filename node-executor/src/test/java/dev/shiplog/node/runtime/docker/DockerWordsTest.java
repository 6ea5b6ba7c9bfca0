package dev.shiplog.node.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;

import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.PauseProgram;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** From and to the Engine's words, without an Engine. */
class DockerWordsTest {
    @Test
    void imageNamesAreReadAsTheEngineReadsThem() throws Exception {
        String digest = "sha256:" + "0123456789abcdef".repeat(4);
        assertEquals(new ImageName("busybox", "latest"), ImageName.parse("busybox"));
        assertEquals(new ImageName("luksa/kubia", "v1"), ImageName.parse("luksa/kubia:v1"));
        assertEquals(
                new ImageName("localhost:5000/a/b", "latest"),
                ImageName.parse("localhost:5000/a/b"));
        assertEquals(
                new ImageName("Reg.Example:5000/a_b/c-d", "1.2_3"),
                ImageName.parse("Reg.Example:5000/a_b/c-d:1.2_3"));
        assertEquals(new ImageName("busybox", digest), ImageName.parse("busybox:1@" + digest));
    }

    @Test
    void whatIsNoImageNameIsRefused() {
        for (String name :
                List.of("", "UPPER", "a b", "a:", "a//b", "-a", "a:b:c/d:", "a@sha256:1")) {
            RuntimeFailure failure =
                    assertThrows(RuntimeFailure.class, () -> ImageName.parse(name), name);
            assertEquals(Kind.INVALID_IMAGE_NAME, failure.kind());
        }
    }

    @Test
    void failedPullsAreToldApart() {
        assertPull(
                Kind.IMAGE_NOT_FOUND,
                "manifest for busybox:nosuch not found: manifest unknown: manifest unknown");
        assertPull(
                Kind.IMAGE_NOT_FOUND,
                "pull access denied for nosuch, repository does not exist or may require 'docker"
                        + " login': denied: requested access to the resource is denied");
        assertPull(
                Kind.REGISTRY_UNREACHABLE,
                "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on"
                        + " 127.0.0.53:53: no such host");
        assertPull(
                Kind.REGISTRY_UNREACHABLE,
                "Get \"https://registry-1.docker.io/v2/\": net/http: request canceled while waiting"
                        + " for connection (Client.Timeout exceeded while awaiting headers)");
        assertPull(Kind.OTHER, "no space left on device");
    }

    private static void assertPull(Kind kind, String said) {
        assertEquals(kind, Failures.pull("some:1", said).kind(), said);
    }

    @Test
    void failedStartsSayWhatThePersonCanUse() {
        RuntimeFailure notFound =
                Failures.start(
                        "main",
                        new BadRequestException(
                                "Status 400: {\"message\":\"OCI runtime create failed:"
                                        + " container_linux.go:380: starting container process"
                                        + " caused: exec: \\\"nosuch\\\": executable file not found"
                                        + " in $PATH: unknown\"}"));
        assertEquals(Kind.START_FAILED, notFound.kind());
        assertEquals(
                "starting container \"main\": exec: \"nosuch\": executable file not found in $PATH",
                notFound.getMessage());
        RuntimeFailure portTaken =
                Failures.start(
                        "main",
                        new InternalServerErrorException(
                                "Status 500: {\"message\":\"driver failed programming external"
                                        + " connectivity: Bind for 0.0.0.0:80 failed: port is"
                                        + " already allocated\"}"));
        assertEquals(Kind.INVALID_SPEC, portTaken.kind());
    }

    @Test
    void aQuotaIsAShareOfThePeriodAndNeverBelowTheKernelsLeast() {
        assertEquals(50_000, ContainerRequest.quota(500_000_000));
        assertEquals(400_000, ContainerRequest.quota(4_000_000_000L));
        assertEquals(1_000, ContainerRequest.quota(1));
    }

    @Test
    void aLineInPiecesHasOneTime() throws Exception {
        var options =
                new LogOptions(
                        false, OptionalInt.empty(), Optional.empty(), true, OptionalLong.empty());
        String time = "2026-01-01T00:00:00.123456789Z ";
        assertEquals(
                time + "long line\n" + time + "next\n",
                written(options, time + "long ", time + "line\n", time + "next\n"));
    }

    @Test
    void sinceCountsNanosecondsAndLeavesOutWholeLines() throws Exception {
        Instant since = Instant.parse("2026-01-01T00:00:00.000000002Z");
        var options =
                new LogOptions(
                        false,
                        OptionalInt.empty(),
                        Optional.of(since),
                        false,
                        OptionalLong.empty());
        assertEquals(
                "new\n",
                written(
                        options,
                        "2026-01-01T00:00:00.000000001Z old and ",
                        "2026-01-01T00:00:00.000000003Z long\n",
                        "2026-01-01T00:00:00.000000002Z new\n"));
    }

    private static String written(LogOptions options, String... frames) throws Exception {
        var out = new ByteArrayOutputStream();
        LogFrames into = new LogFrames(options, out);
        for (String frame : frames) {
            into.write(new Frame(StreamType.STDOUT, frame.getBytes(StandardCharsets.UTF_8)));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theSandboxProgramIsTheSameForEverAndOfTheEnginesKind() {
        byte[] amd64 = PauseProgram.elf("amd64");
        assertEquals(188, amd64.length);
        assertEquals(62, amd64[18]);
        assertArrayEquals(amd64, PauseProgram.elf("amd64"));
        assertEquals(183, PauseProgram.elf("arm64")[18] & 0xff);
        assertThrows(IllegalArgumentException.class, () -> PauseProgram.elf("s390x"));
    }

    @Test
    void aClusterIdIsPartOfNames() {
        assertThrows(IllegalArgumentException.class, () -> new Owner("No Name", "node"));
        assertEquals("shiplog-demo", new Owner("demo", "node").network());
    }

    @Test
    void aCommandThatCameTooLateIsToldFromOneThatIsNotThere() {
        String failed = "OCI runtime exec failed: exec failed: ";
        for (String late :
                List.of(
                        "unable to create new parent process: namespace path: lstat"
                                + " /proc/711/ns/ipc: no such file or directory",
                        "cannot exec in a stopped container",
                        "cannot exec a container that has stopped")) {
            assertTrue(Failures.nothingToJoin(failed + late), late);
        }
        assertFalse(
                Failures.nothingToJoin(
                        failed + "exec: \"/srv/ns/tool\": stat /srv/ns/tool: no such file"));
    }
}
