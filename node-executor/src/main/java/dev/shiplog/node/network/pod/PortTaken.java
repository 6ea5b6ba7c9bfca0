package dev.shiplog.node.network.pod;

import java.io.IOException;
import java.io.Serial;

/** A port of the machine that a pod wants is somebody else's. */
public final class PortTaken extends IOException {
    @Serial private static final long serialVersionUID = 1;

    PortTaken(HostPort port, String why) {
        super("host port " + port + " is taken: " + why);
    }
}
