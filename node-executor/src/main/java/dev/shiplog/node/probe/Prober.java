package dev.shiplog.node.probe;

import java.time.Duration;

/** Carries out probes and hooks. Calls block; each may be made from any virtual thread. */
public interface Prober {
    /**
     * Does what a handler says, once. An interrupt ends it.
     *
     * @param timeout how long it may take; what takes longer is not well
     */
    Answer ask(Target target, Handler handler, Duration timeout) throws InterruptedException;

    /**
     * Whom to ask.
     *
     * @param ip the pod's address, as this machine reaches it
     * @param containerId the runtime's own id
     */
    record Target(String ip, String containerId) {}
}
