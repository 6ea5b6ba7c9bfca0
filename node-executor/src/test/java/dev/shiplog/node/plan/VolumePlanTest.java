package dev.shiplog.node.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.link.PodInputs;
import dev.shiplog.node.runtime.Mount;
import dev.shiplog.node.volume.FileContent;
import dev.shiplog.node.volume.PodVolumes;
import dev.shiplog.node.volume.Volume;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** What becomes of a pod's volumes before anything touches a disk. */
final class VolumePlanTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final NodeFacts NODE =
            new NodeFacts(
                    new NodeName("n1"), List.of("192.0.2.1"), "fake", 2_000_000_000L, 1L << 32);

    private static PodTask task(String spec, PodInputs inputs) {
        return new PodTask(
                new Resource(
                        ResourceKey.pod("default", "web"),
                        "v1",
                        new Metadata(
                                new Uid("u1"),
                                1,
                                NOW,
                                new TreeMap<>(Map.of("app", "web", "quote", "a\"b")),
                                new TreeMap<>(),
                                List.of(),
                                List.of(),
                                Optional.empty()),
                        Json.parse("{\"spec\":" + spec + "}"),
                        Json.EMPTY,
                        new Position(1)),
                Optional.empty(),
                inputs);
    }

    private static String volumes(String volumes) {
        return "{\"containers\":[{\"name\":\"c\",\"image\":\"i:1\",\"resources\":{\"limits\":{\"memory\":\"64Mi\"}}}],\"volumes\":["
                + volumes
                + "]}";
    }

    private static SortedMap<String, byte[]> values(String... pairs) {
        SortedMap<String, byte[]> values = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return values;
    }

    private static FileContent file(String text, int mode) {
        return new FileContent(text.getBytes(StandardCharsets.UTF_8), mode);
    }

    private static Volume one(String volume, PodInputs inputs) throws ConfigError {
        return VolumeSpecs.of(task(volumes(volume), inputs), NODE).volumes().getFirst();
    }

    private static String missing(String volume, PodInputs inputs) {
        return assertThrows(ConfigError.class, () -> one(volume, inputs)).text();
    }

    @Test
    void whatIsMissingIsToldInKubernetesWords() {
        PodInputs inputs =
                new PodInputs(Map.of("cfg", values("a", "1")), Map.of("sec", values("p", "x")));
        assertEquals(
                "MountVolume.SetUp failed for volume \"v\" : configmap \"none\" not found",
                missing("{\"name\":\"v\",\"configMap\":{\"name\":\"none\"}}", inputs));
        assertEquals(
                "MountVolume.SetUp failed for volume \"v\" : secret \"none\" not found",
                missing("{\"name\":\"v\",\"secret\":{\"secretName\":\"none\"}}", inputs));
        assertEquals(
                "MountVolume.SetUp failed for volume \"v\" : configmap references non-existent"
                        + " config key: b",
                missing(
                        "{\"name\":\"v\",\"configMap\":{\"name\":\"cfg\",\"items\":[{\"key\":\"b\",\"path\":\"b\"}]}}",
                        inputs));
        assertEquals(
                "MountVolume.SetUp failed for volume \"v\" : references non-existent secret key: b",
                missing(
                        "{\"name\":\"v\",\"secret\":{\"secretName\":\"sec\",\"items\":[{\"key\":\"b\",\"path\":\"b\"}]}}",
                        inputs));
        assertTrue(
                missing("{\"name\":\"v\",\"nfs\":{\"server\":\"s\",\"path\":\"/\"}}", inputs)
                        .contains("this version has no other volumes"));
    }

    @Test
    void itemsModesAndOptionalSourcesAreAsSaid() throws Exception {
        PodInputs inputs =
                new PodInputs(
                        Map.of("cfg", values("a", "1", "b", "2")),
                        Map.of("cfg", values("bin", "3")),
                        Map.of(),
                        Collections.emptySortedMap());
        assertEquals(
                Map.of("a", file("1", 0644), "b", file("2", 0644), "bin", file("3", 0644)),
                ((Volume.Files) one("{\"name\":\"v\",\"configMap\":{\"name\":\"cfg\"}}", inputs))
                        .files());
        assertEquals(
                Map.of("x/a", file("1", 0400), "b", file("2", 0600)),
                ((Volume.Files)
                                one(
                                        "{\"name\":\"v\",\"configMap\":{\"name\":\"cfg\",\"defaultMode\":384,"
                                                + "\"items\":[{\"key\":\"a\",\"path\":\"x/a\",\"mode\":256},{\"key\":\"b\",\"path\":\"b\"}]}}",
                                        inputs))
                        .files());
        Volume none =
                one(
                        "{\"name\":\"v\",\"secret\":{\"secretName\":\"no\",\"optional\":true}}",
                        inputs);
        assertEquals(new Volume.Files("v", true, new TreeMap<>(), List.of()), none);
    }

    @Test
    void aProjectionHasAllFourSources() throws Exception {
        PodInputs inputs =
                new PodInputs(Map.of("cfg", values("a", "1")), Map.of("sec", values("p", "x")));
        Volume.Files all =
                assertInstanceOf(
                        Volume.Files.class,
                        one(
                                """
                                {"name":"v","projected":{"sources":[
                                  {"configMap":{"name":"cfg"}},
                                  {"secret":{"name":"sec","items":[{"key":"p","path":"deep/p"}]}},
                                  {"downwardAPI":{"items":[
                                    {"path":"labels","fieldRef":{"fieldPath":"metadata.labels"}},
                                    {"path":"mib","resourceFieldRef":{"containerName":"c","resource":"limits.memory","divisor":"1Mi"}}]}},
                                  {"serviceAccountToken":{"path":"token","audience":"vault","expirationSeconds":600}}]}}
                                """,
                                inputs));
        assertTrue(all.secret());
        assertEquals(
                Map.of(
                        "a",
                        file("1", 0644),
                        "deep/p",
                        file("x", 0644),
                        "labels",
                        file("app=\"web\"\nquote=\"a\\\"b\"", 0644),
                        "mib",
                        file("64", 0644)),
                all.files());
        assertEquals(List.of(new Volume.TokenFile("token", "vault", 600, 0644)), all.tokens());
    }

    @Test
    void memoryIsNoMoreThanThePodMayUse() throws Exception {
        assertEquals(
                new Volume.EmptyDir("v", true, OptionalLong.of(64L << 20)),
                one(
                        "{\"name\":\"v\",\"emptyDir\":{\"medium\":\"Memory\",\"sizeLimit\":\"1Gi\"}}",
                        PodInputs.NONE));
        assertEquals(
                new Volume.EmptyDir("v", false, OptionalLong.of(1L << 30)),
                one("{\"name\":\"v\",\"emptyDir\":{\"sizeLimit\":\"1Gi\"}}", PodInputs.NONE));
    }

    @Test
    void aPodWaitsForItsVolumesAndGoesOn() {
        String spec = volumes("{\"name\":\"v\",\"configMap\":{\"name\":\"cfg\"}}");
        PodHistory begun = PodHistory.begin(NOW, List.of(), PodPhase.PENDING);
        PodStep waits =
                PodPlan.next(task(spec, PodInputs.NONE), Optional.empty(), begun, NODE, NOW);
        assertEquals(List.of(), waits.effects());
        assertEquals(
                List.of(
                        PodNote.warning(
                                "FailedMount",
                                "MountVolume.SetUp failed for volume \"v\" : configmap \"cfg\" not"
                                        + " found")),
                waits.notes());
        assertEquals(
                new ContainerState.Waiting("ContainerCreating", ""),
                waits.views().getFirst().state());
        // Told once.
        PodStep still =
                PodPlan.next(
                        task(spec, PodInputs.NONE),
                        Optional.empty(),
                        waits.history(),
                        NODE,
                        NOW.plusSeconds(9));
        assertEquals(List.of(), still.notes());
        PodTask there = task(spec, new PodInputs(Map.of("cfg", values("a", "1")), Map.of()));
        PodStep makes = PodPlan.next(there, Optional.empty(), still.history(), NODE, NOW);
        Effect.MakeVolumes make =
                assertInstanceOf(Effect.MakeVolumes.class, makes.effects().getFirst());
        assertEquals(1, makes.effects().size());
        PodHistory made = made(there, makes.history(), make.volumes());
        PodStep goesOn = PodPlan.next(there, Optional.empty(), made, NODE, NOW);
        assertInstanceOf(Effect.EnsureSandbox.class, goesOn.effects().getFirst());
        // A change is made beside what runs.
        PodTask changed = task(spec, new PodInputs(Map.of("cfg", values("a", "2")), Map.of()));
        assertInstanceOf(
                Effect.MakeVolumes.class,
                PodPlan.next(changed, Optional.empty(), made, NODE, NOW).effects().getFirst());
    }

    private static PodHistory made(PodTask task, PodHistory history, PodVolumes volumes) {
        return PodOutcomes.after(
                        task,
                        history,
                        Optional.empty(),
                        new Effect.MakeVolumes(volumes),
                        new EffectResult.VolumesMade(
                                new TreeMap<>(Map.of("v", Path.of("/v"))), Optional.empty()),
                        NOW)
                .history();
    }

    @Test
    void aVolumeThatHoldsTooMuchEvictsItsPod() throws Exception {
        PodTask task =
                task(
                        volumes("{\"name\":\"v\",\"emptyDir\":{\"sizeLimit\":\"1Mi\"}}"),
                        PodInputs.NONE);
        PodHistory history =
                made(
                        task,
                        PodHistory.begin(NOW, List.of(), PodPhase.PENDING),
                        VolumeSpecs.of(task, NODE));
        Effect measure = PodPlan.next(task, Optional.empty(), history, NODE, NOW).effects().get(0);
        assertEquals(new Effect.MeasureVolumes("u1"), measure);
        PodOutcomes.Folded fine = measured(task, history, 1L << 20);
        assertEquals(Optional.empty(), fine.history().end());
        assertEquals(
                NOW.plus(Duration.ofSeconds(30)),
                PodPlan.next(task, Optional.empty(), fine.history(), NODE, NOW)
                        .lookAgain()
                        .orElseThrow());
        PodOutcomes.Folded evicted = measured(task, history, (1L << 20) + 1);
        assertEquals(
                new PodPhase(
                        "Failed",
                        "Evicted",
                        "Usage of EmptyDir volume \"v\" exceeds the limit \"1Mi\". "),
                evicted.history().end().orElseThrow());
    }

    private static PodOutcomes.Folded measured(PodTask task, PodHistory history, long bytes) {
        return PodOutcomes.after(
                task,
                history,
                Optional.empty(),
                new Effect.MeasureVolumes("u1"),
                new EffectResult.VolumesMeasured(new TreeMap<>(Map.of("v", bytes))),
                NOW);
    }

    @Test
    void containersSeeWhatTheyMount() throws Exception {
        PodTask task =
                task(
                        """
                        {"containers":[{"name":"c","image":"i:1","volumeMounts":[
                          {"name":"e","mountPath":"/e","subPathExpr":"$(NAME)/x"},
                          {"name":"f","mountPath":"/f/"},
                          {"name":"e","mountPath":"/ro","readOnly":true,"mountPropagation":"HostToContainer"}]}],
                         "volumes":[{"name":"e","emptyDir":{}},
                          {"name":"f","downwardAPI":{"items":[]}}]}
                        """,
                        PodInputs.NONE);
        VolumeHistory volumes =
                VolumeHistory.NONE.withMade(
                        VolumeSpecs.of(task, NODE),
                        new TreeMap<>(Map.of("e", Path.of("/v/e"), "f", Path.of("/v/f"))),
                        Optional.empty());
        assertEquals(
                List.of(
                        Mount.of(Path.of("/v/e/web/x"), "/e"),
                        Mount.readOnly(Path.of("/v/f"), "/f"),
                        new Mount(
                                Path.of("/v/e"), "/ro", true, Mount.Propagation.HOST_TO_CONTAINER)),
                Mounts.of(
                        task.mainContainers().getFirst(),
                        volumes,
                        new TreeMap<>(Map.of("NAME", "web"))));
        ConfigError unknown =
                assertThrows(
                        ConfigError.class,
                        () ->
                                Mounts.of(
                                        task.mainContainers().getFirst(),
                                        volumes,
                                        new TreeMap<>()));
        assertTrue(unknown.text().startsWith("failed to expand subPathExpr"), unknown::text);
    }

    @Test
    void pullSecretsOfBothTypesAreRead() {
        PodInputs inputs =
                new PodInputs(
                        Map.of(),
                        Map.of(
                                "new",
                                values(
                                        ".dockerconfigjson",
                                        "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"YTpi\"}}}"),
                                "old",
                                values(
                                        ".dockercfg",
                                        "{\"r.example:5000\":{\"username\":\"u\",\"password\":\"p\"}}"),
                                "bad",
                                values(".dockerconfigjson", "{")));
        PodTask task =
                task(
                        "{\"imagePullSecrets\":[{\"name\":\"new\"},{\"name\":\"old\"},{\"name\":\"bad\"},{\"name\":\"none\"}],\"containers\":[]}",
                        inputs);
        assertEquals("[a at docker.io, u at r.example:5000]", PullSecrets.of(task).toString());
        assertEquals("b", PullSecrets.of(task).getFirst().password());
    }
}
