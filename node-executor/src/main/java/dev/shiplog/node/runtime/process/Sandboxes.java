package dev.shiplog.node.runtime.process;

import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.network.pod.PortTaken;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sandboxes of this node. Each is written down before it is made and forgotten after it is
 * gone, so a crash at any point leaves one that is known and made or removed again.
 */
final class Sandboxes {
    private static final int ID_BYTES = 6;

    private final Records records;
    private final Namespaces namespaces;
    private final PodNetwork network;
    private final Map<String, SandboxRecord> byPod = new ConcurrentHashMap<>();

    Sandboxes(Records records, Namespaces namespaces, PodNetwork network) {
        this.records = records;
        this.namespaces = namespaces;
        this.network = network;
    }

    /** Reads what earlier programs left. */
    void load() throws IOException {
        for (SandboxRecord sandbox : records.sandboxes()) {
            byPod.put(sandbox.podUid(), sandbox);
            if (!sandbox.hostNetwork()) {
                network.keep(sandbox.ip());
                if (namespaces.alive(sandbox)) {
                    network.keep(sandbox.plug(), namespaces.network(sandbox.id()));
                }
            }
        }
    }

    List<SandboxRecord> all() {
        List<SandboxRecord> all = new ArrayList<>(byPod.values());
        all.sort((one, two) -> one.podUid().compareTo(two.podUid()));
        return all;
    }

    Optional<SandboxRecord> ofPod(String podUid) {
        return Optional.ofNullable(byPod.get(podUid));
    }

    Optional<SandboxRecord> withId(String id) {
        return byPod.values().stream().filter(sandbox -> sandbox.id().equals(id)).findFirst();
    }

    SandboxStatus status(SandboxRecord sandbox) {
        return sandbox.status(namespaces.alive(sandbox));
    }

    /** Makes a pod's sandbox, or gives the one that runs. The pod's lock is held. */
    SandboxStatus run(SandboxSpec spec) throws IOException, RuntimeFailure {
        SandboxRecord there = byPod.get(spec.podUid());
        if (there != null && namespaces.alive(there)) {
            return there.status(true);
        }
        String ip = spec.hostNetwork() ? HostAddress.find() : network.allocate();
        if (there != null && !there.hostNetwork()) {
            network.free(there.ip());
        }
        // One that died with the machine keeps its id, so that its ended containers stay its own.
        SandboxRecord sandbox =
                SandboxRecord.of(there == null ? id() : there.id(), spec, ip, Instant.now());
        records.write(sandbox);
        byPod.put(spec.podUid(), sandbox);
        try {
            namespaces.create(sandbox);
            if (!sandbox.hostNetwork()) {
                plugIn(sandbox);
            }
        } catch (IOException | RuntimeFailure e) {
            remove(sandbox);
            throw e;
        }
        return sandbox.status(true);
    }

    private void plugIn(SandboxRecord sandbox) throws IOException, RuntimeFailure {
        try {
            network.plugIn(sandbox.plug(), namespaces.network(sandbox.id()));
        } catch (PortTaken e) {
            throw new RuntimeFailure(
                    RuntimeFailure.Kind.INVALID_SPEC, String.valueOf(e.getMessage()), e);
        }
    }

    /** Removes all of it. Its containers are gone, the pod's lock is held. */
    void remove(SandboxRecord sandbox) throws IOException {
        if (!sandbox.hostNetwork()) {
            network.unplug(sandbox.plug());
        }
        namespaces.remove(sandbox.id());
        Files.deleteIfExists(records.layout().sandbox(sandbox.id()));
        byPod.remove(sandbox.podUid());
        if (!sandbox.hostNetwork()) {
            network.free(sandbox.ip());
        }
    }

    /** A new name for a sandbox or container: 12 hexadecimal digits. */
    static String id() {
        byte[] bytes = new byte[ID_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
