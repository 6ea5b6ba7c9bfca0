package dev.shiplog.node.network.service;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** Passes connections on: a thread for each direction. */
final class TcpRelay implements Relay {
    private static final Logger LOG = LoggerFactory.getLogger(TcpRelay.class);

    private final Way way;
    private final Choice choice;
    private final ServerSocket listening;
    private final Semaphore free = new Semaphore(RelayLimits.CONNECTIONS);

    private TcpRelay(Way way, Choice choice, ServerSocket listening) {
        this.way = way;
        this.choice = choice;
        this.listening = listening;
    }

    static TcpRelay open(Way way, Choice choice) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(way.socket(), RelayLimits.BACKLOG);
        } catch (IOException taken) {
            socket.close();
            throw taken;
        }
        TcpRelay relay = new TcpRelay(way, choice, socket);
        Thread.ofVirtual().name("service-" + way.front()).start(relay::accept);
        return relay;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                free.acquire();
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                free.release();
                if (!listening.isClosed()) {
                    LOG.debug("a client of {} left before it was taken up", way.front(), e);
                    // Or there are no files left: that does not get better by asking at once.
                    LockSupport.parkNanos(RelayLimits.AGAIN.toNanos());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            Optional<Socket> found = connected(client.getInetAddress());
            if (found.isEmpty()) {
                // Who is not served sees a refusal rather than an end.
                client.setSoLinger(true, 0);
                return;
            }
            try (Socket endpoint = found.get()) {
                client.setTcpNoDelay(true);
                endpoint.setTcpNoDelay(true);
                Thread back = Thread.ofVirtual().start(() -> copy(endpoint, client));
                copy(client, endpoint);
                back.join();
            }
        } catch (IOException gone) {
            LOG.debug("a connection to {}", way.front(), gone);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            free.release();
        }
    }

    /** To the first endpoint that accepts; empty if none does. */
    private Optional<Socket> connected(InetAddress client) throws IOException {
        for (Target target : choice.of(client)) {
            Socket socket = new Socket();
            try {
                socket.connect(
                        new InetSocketAddress(
                                InetAddress.ofLiteral(target.address()), target.port()),
                        (int) RelayLimits.CONNECT.toMillis());
                return Optional.of(socket);
            } catch (IOException refused) {
                socket.close();
                LOG.debug("{} of {}", target, way.front(), refused);
            }
        }
        return Optional.empty();
    }

    /** Until one side has nothing more to say, which the other is told. */
    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[RelayLimits.BUFFER];
            int read;
            while ((read = in.read(buffer)) >= 0) {
                out.write(buffer, 0, read);
            }
            to.shutdownOutput();
        } catch (IOException broken) {
            // Both directions end: the other side must not wait for ever.
            end(from);
            end(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It has ended.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            LOG.debug("closing {}", way.front(), e);
        }
    }
}
