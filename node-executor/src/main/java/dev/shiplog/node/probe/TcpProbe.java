package dev.shiplog.node.probe;

import java.io.IOException;
import java.time.Duration;

/** Opens a connection and closes it. */
final class TcpProbe {
    private TcpProbe() {}

    static Answer ask(String host, int port, Duration timeout) throws InterruptedException {
        try (Connection _ = Connection.open(host, port, timeout)) {
            return Answer.WELL;
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return Answer.unwell(String.valueOf(e.getMessage()));
        }
    }
}
