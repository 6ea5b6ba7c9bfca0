package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;

import dev.shiplog.node.runtime.RuntimeFailure;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The bridge that a cluster's pods are on, made when the first pod needs it. */
final class EngineNetwork {
    private final Engine engine;
    private final Owner owner;
    private final ReentrantLock making = new ReentrantLock();
    private volatile boolean made;

    EngineNetwork(Engine engine, Owner owner) {
        this.engine = engine;
        this.owner = owner;
    }

    void ensure() throws RuntimeFailure {
        if (made) {
            return;
        }
        making.lock();
        try {
            if (!made) {
                make();
                made = true;
            }
        } finally {
            making.unlock();
        }
    }

    /** Somebody removed it: the next {@link #ensure} makes it again. */
    void forget() {
        made = false;
    }

    private void make() throws RuntimeFailure {
        String doing = "creating network " + owner.network();
        try {
            engine.call(
                    doing,
                    Engine.WORK_LIMIT,
                    () ->
                            engine.client()
                                    .createNetworkCmd()
                                    .withName(owner.network())
                                    .withDriver("bridge")
                                    .withCheckDuplicate(true)
                                    .withLabels(Map.of(Owner.CLUSTER, owner.cluster()))
                                    .exec());
        } catch (ConflictException there) {
            return;
        } catch (DockerException refused) {
            throw Failures.of(doing, refused);
        }
    }

    /** Removes it unless another node's pods are still on it. */
    void remove() throws RuntimeFailure {
        forget();
        try {
            engine.call(
                    "removing network " + owner.network(),
                    Engine.WORK_LIMIT,
                    () -> engine.client().removeNetworkCmd(owner.network()).exec());
        } catch (DockerException goneOrInUse) {
            return;
        }
    }

    /**
     * The address from which this machine reaches others. Connecting a datagram socket chooses a
     * route and sends nothing.
     */
    static String machineIp() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress("192.0.2.1", 9));
            return socket.getLocalAddress().getHostAddress();
        } catch (IOException | RuntimeException noRoute) {
            return "127.0.0.1";
        }
    }
}
