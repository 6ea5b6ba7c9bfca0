package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.nft.Nft;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.resource.PodRanges;
import dev.shiplog.resource.ServiceRanges;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which addresses a cluster takes at its first start, and what is refused. */
class ChosenRangeTest {
    private static final ChosenRange.Taken FREE = _ -> false;

    /** Empty for what nobody says. */
    private static Settings settings(String runtime, String services, String pods) {
        Settings none = Settings.DEFAULT;
        return new Settings(
                runtime,
                none.port(),
                none.seed(),
                none.demo(),
                none.follow(),
                none.allowPlainSecrets(),
                none.writes(),
                none.oidc(),
                none.listen(),
                none.registries(),
                none.memoryBytes(),
                none.seedAuthor(),
                new Settings.Network(
                        Optional.of(services).filter(text -> !text.isEmpty()),
                        Optional.of(pods).filter(text -> !text.isEmpty()),
                        none.network().pool(),
                        none.network().ingressProxy(),
                        none.network().serviceProxy()));
    }

    private static String refused(Executable what) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, what).getMessage());
    }

    @Test
    void aRangeThatTheMachineLeadsElsewhereIsRefusedWithTheWayOut() throws IOException {
        PodRanges wanted = PodRanges.parse("10.77.0.0/16");
        // One free part is enough: nodes take what is free on their machines.
        assertEquals(
                wanted,
                ChosenRange.pods(
                        Optional.of(wanted),
                        ServiceRanges.DEFAULT,
                        range -> !range.toString().equals("10.77.9.0/24")));
        String said =
                refused(() ->
                        ChosenRange.pods(Optional.of(wanted), ServiceRanges.DEFAULT, _ -> true));
        assertTrue(
                said.contains("10.77.0.0/16")
                        && said.contains("ip route")
                        && said.contains("--pod-cidr"),
                said);
    }

    @Test
    void aRangeOfServicesIsNoRangeOfPods() {
        String said =
                refused(() ->
                        ChosenRange.pods(
                                Optional.of(PodRanges.parse("10.100.0.0/16")),
                                ServiceRanges.DEFAULT,
                                FREE));
        assertTrue(said.contains("the cluster's Services in 10.96.0.0/12"), said);
    }

    @Test
    void whoSaysNothingGetsTheFirstThatIsFree() throws IOException {
        assertEquals(
                PodRanges.DEFAULT, ChosenRange.pods(Optional.empty(), ServiceRanges.DEFAULT, FREE));
        assertEquals(
                PodRanges.parse("10.244.0.0/16"),
                ChosenRange.pods(
                        Optional.empty(),
                        ServiceRanges.DEFAULT,
                        range -> range.toString().startsWith("10.42.")));
        String said =
                refused(() -> ChosenRange.pods(Optional.empty(), ServiceRanges.DEFAULT, _ -> true));
        assertTrue(said.contains("--pod-cidr"), said);
    }

    @Test
    void aRefusalKeepsNothing(@TempDir Path folder) {
        Profile profile = new Profile("ranges", folder);
        String said =
                refused(() ->
                        ChosenRange.of(
                                profile, settings("simulated", "10.96.0.0/12", "10.100.0.0/16")));
        assertTrue(said.contains("10.96.0.0/12"), said);
        assertFalse(Files.exists(profile.settings()));
        said = refused(() -> ChosenRange.of(profile, settings("simulated", "", "10.1.2.0/24")));
        assertTrue(said.contains("10.42.0.0/16") && said.contains("10.1.2.0/24"), said);
        assertFalse(Files.exists(profile.settings()));
    }

    /**
     * What is claimed in the kernel for Services goes too, or the next cluster could not have it.
     */
    @Test
    void aRefusalLeavesNothingInTheKernel(@TempDir Path folder) throws IOException {
        assumeTrue(PodNetwork.objection().isEmpty(), "needs Linux, root and nft");
        Profile profile = new Profile("ranges", folder);
        refused(() ->
                ChosenRange.of(profile, settings("process", "10.213.0.0/16", "10.213.0.0/16")));
        NetworkNames names =
                NetworkNames.of(ClusterId.ensure(profile.clusterIdFile()), Server.NODE);
        assertEquals(Optional.empty(), new Nft(names.serviceTable()).outline());
        assertFalse(Files.exists(profile.settings()));
    }

    @Test
    void aClusterKeepsTheRangesThatItWasMadeWith() {
        Settings.Network made =
                Settings.Network.DEFAULT.withRanges(
                        ServiceRanges.DEFAULT, PodRanges.parse("10.77.0.0/16"));
        made.checkRanges(made);
        made.checkRanges(Settings.Network.DEFAULT);
        String pods =
                refused(() ->
                        Settings.Network.DEFAULT
                                .withRanges(ServiceRanges.DEFAULT, PodRanges.DEFAULT)
                                .checkRanges(made));
        assertTrue(pods.contains("start with --pod-cidr=10.77.0.0/16"), pods);
        String services =
                refused(() ->
                        Settings.Network.DEFAULT
                                .withRanges(
                                        ServiceRanges.parse("10.112.0.0/16"),
                                        PodRanges.parse("10.77.0.0/16"))
                                .checkRanges(made));
        assertTrue(services.contains("start with --service-cidr=10.96.0.0/12"), services);
    }
}
