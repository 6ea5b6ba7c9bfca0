package dev.shiplog.node.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.runtime.Mount;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

final class DiskVolumesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final ResourceKey POD = ResourceKey.pod("default", "web");

    @TempDir Path folder;
    private final Uid uid = new Uid(UUID.randomUUID().toString());
    private Instant now = Instant.parse("2026-11-25T12:00:00Z");
    private int issued;
    private boolean refusing;

    private DiskVolumes volumes() {
        return new DiskVolumes(folder.resolve("volumes"), this::token, () -> now);
    }

    private TokenSource.Token token(ResourceKey pod, Uid of, String audience, long seconds)
            throws VolumeFailure {
        if (refusing) {
            throw new VolumeFailure("serviceaccounts \"web\" not found");
        }
        issued++;
        return new TokenSource.Token("token " + issued + audience, now.plusSeconds(seconds));
    }

    @AfterEach
    void purge() throws Exception {
        volumes().purge();
    }

    private PodVolumes pod(Volume... volumes) {
        return new PodVolumes(POD, uid, OptionalLong.empty(), List.of(volumes));
    }

    private static Path path(Volumes.Made made, String name) {
        return Objects.requireNonNull(made.paths().get(name));
    }

    private static Volume secret(String value) {
        SortedMap<String, FileContent> files = new TreeMap<>();
        files.put("password", new FileContent(value.getBytes(StandardCharsets.UTF_8), 0400));
        return new Volume.Files("secret", true, files, List.of());
    }

    private static Volume tokens() {
        return new Volume.Files(
                "api",
                true,
                new TreeMap<>(),
                List.of(new Volume.TokenFile("token", "", HOUR.toSeconds(), 0644)));
    }

    @Test
    void secretsAreInMemoryAndGoWithThePod() throws Exception {
        Path path = path(volumes().make(pod(secret("hunter2"))), "secret");
        assertEquals("hunter2", Files.readString(path.resolve("password")));
        assertEquals("tmpfs", Files.getFileStore(path.resolve("password")).type());
        assertFalse(path.startsWith(folder));
        // As after a restart of this program.
        DiskVolumes restarted = volumes();
        assertEquals(Set.of(uid), restarted.pods());
        assertEquals(path, restarted.make(pod(secret("hunter2"))).paths().get("secret"));
        restarted.remove(uid);
        assertFalse(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        assertEquals(Set.of(), restarted.pods());
    }

    @Test
    void anEmptyDirectoryKeepsWhatIsInItAsLongAsThePodLives() throws Exception {
        Volume cache = new Volume.EmptyDir("cache", false, OptionalLong.of(4));
        Path path = path(volumes().make(pod(cache)), "cache");
        Files.writeString(path.resolve("file"), "12345");
        assertEquals(path, volumes().make(pod(cache)).paths().get("cache"));
        assertEquals(5L, volumes().usage(uid).get("cache"));
        volumes().remove(uid);
        assertFalse(Files.exists(path));
    }

    @Test
    void memoryHasAnEnd() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        Volume memory = new Volume.EmptyDir("memory", true, OptionalLong.of(1 << 20));
        Path path = path(volumes().make(pod(memory)), "memory");
        assertEquals("tmpfs", Files.getFileStore(path).type());
        assertEquals(1 << 20, Files.getFileStore(path).getTotalSpace());
        volumes().remove(uid);
        assertFalse(MemoryPlace.mounted(path));
        assertFalse(Files.exists(path));
    }

    @Test
    void aTokenIsRenewedWhenMostOfItsLifeIsOver() throws Exception {
        DiskVolumes volumes = volumes();
        Volumes.Made first = volumes.make(pod(tokens()));
        Path file = path(first, "api").resolve("token");
        assertEquals("token 1", Files.readString(file));
        assertEquals(now.plus(Duration.ofMinutes(48)), first.renewAt().orElseThrow());
        now = now.plus(Duration.ofMinutes(47));
        volumes.make(pod(tokens()));
        assertEquals("token 1", Files.readString(file));
        now = now.plus(Duration.ofMinutes(1));
        volumes.make(pod(tokens()));
        assertEquals("token 2", Files.readString(file));
    }

    @Test
    void aTokenThatCannotBeRenewedIsUsedUntilItEnds() throws Exception {
        DiskVolumes volumes = volumes();
        Path file = path(volumes.make(pod(tokens())), "api").resolve("token");
        refusing = true;
        now = now.plus(Duration.ofMinutes(50));
        assertTrue(volumes.make(pod(tokens())).renewAt().orElseThrow().isAfter(now));
        assertEquals("token 1", Files.readString(file));
        now = now.plus(Duration.ofMinutes(11));
        VolumeFailure failure = assertThrows(VolumeFailure.class, () -> volumes.make(pod(tokens())));
        assertEquals(
                "MountVolume.SetUp failed for volume \"api\" : failed to fetch token:"
                        + " serviceaccounts \"web\" not found",
                failure.text());
    }

    @Test
    void hostPathsAreWhatTheirTypeSays() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        Path fresh = folder.resolve("fresh/deep");
        for (Volume.HostPath good :
                List.of(
                        new Volume.HostPath("h", file, ""),
                        new Volume.HostPath("h", file, "File"),
                        new Volume.HostPath("h", folder, "Directory"),
                        new Volume.HostPath("h", fresh, "DirectoryOrCreate"),
                        new Volume.HostPath("h", fresh.resolve("made"), "FileOrCreate"),
                        new Volume.HostPath("h", Path.of("/dev/null"), "CharDevice"))) {
            assertEquals(good.path(), volumes().make(pod(good)).paths().get("h"));
        }
        assertTrue(Files.isDirectory(fresh));
        assertTrue(Files.isRegularFile(fresh.resolve("made")));
        for (String type : List.of("Directory", "Socket", "CharDevice", "BlockDevice")) {
            VolumeFailure failure =
                    assertThrows(
                            VolumeFailure.class,
                            () -> volumes().make(pod(new Volume.HostPath("h", file, type))));
            assertTrue(
                    failure.text()
                            .startsWith(
                                    "MountVolume.SetUp failed for volume \"h\" : hostPath type"
                                            + " check failed: "
                                            + file
                                            + " is not a "),
                    failure::text);
        }
        volumes().remove(uid);
        assertTrue(Files.exists(file));
    }

    @Test
    void aSubPathIsMadeAndLeadsNowhereElse() throws Exception {
        DiskVolumes volumes = volumes();
        Path base =
                path(
                        volumes.make(pod(new Volume.EmptyDir("v", false, OptionalLong.empty()))),
                        "v");
        Mount inside = Mount.of(base.resolve("a/b"), "/x");
        assertEquals(List.of(inside), volumes.ready(uid, List.of(inside)));
        assertTrue(Files.isDirectory(base.resolve("a/b")));
        Files.createSymbolicLink(base.resolve("near"), Path.of("a"));
        Files.createSymbolicLink(base.resolve("far"), Path.of("/etc"));
        assertEquals(
                base.resolve("a/b"),
                volumes.ready(uid, List.of(Mount.of(base.resolve("near/b"), "/x")))
                        .getFirst()
                        .hostPath());
        VolumeFailure failure =
                assertThrows(
                        VolumeFailure.class,
                        () ->
                                volumes.ready(
                                        uid, List.of(Mount.of(base.resolve("far/x"), "/x"))));
        assertEquals(
                "failed to prepare subPath for volumeMount \"v\": far/x leads out of the volume",
                failure.text());
    }

    @Test
    void aKeyThatIsNotGivenIsNotMade() throws Exception {
        DiskVolumes volumes = volumes();
        Path base = path(volumes.make(pod(secret("x"))), "secret");
        assertEquals(
                "x",
                Files.readString(
                        volumes.ready(uid, List.of(Mount.of(base.resolve("password"), "/p")))
                                .getFirst()
                                .hostPath()));
        VolumeFailure failure =
                assertThrows(
                        VolumeFailure.class,
                        () -> volumes.ready(uid, List.of(Mount.of(base.resolve("other"), "/p"))));
        assertTrue(failure.text().contains("found no such file"), failure::text);
    }

    @Test
    void whatIsSecretIsNotPrinted() {
        String text = pod(secret("hunter2")) + " " + new TokenSource.Token("hunter2", now);
        assertFalse(text.contains("hunter2"), text);
    }
}
