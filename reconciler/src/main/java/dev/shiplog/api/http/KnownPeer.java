package dev.shiplog.api.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;

import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * A connection whose other side is asked for its certificates once, after the handshake. The JDK
 * says by an exception that there are none, and the library asks at every request: that alone was a
 * tenth of what a small request costs.
 */
record KnownPeer(ConnectionContext connection, PeerInfo remotePeer) implements ConnectionContext {
    /** Of a connection whose handshake is over. */
    static KnownPeer of(ConnectionContext connection) {
        PeerInfo peer = connection.remotePeer();
        return new KnownPeer(connection, new Known(peer, peer.tlsCertificates()));
    }

    private record Known(PeerInfo peer, Optional<Certificate[]> tlsCertificates)
            implements PeerInfo {
        @Override
        public SocketAddress address() {
            return peer.address();
        }

        @Override
        public String host() {
            return peer.host();
        }

        @Override
        public int port() {
            return peer.port();
        }

        @Override
        public Optional<Principal> tlsPrincipal() {
            return tlsCertificates.isEmpty() ? Optional.empty() : peer.tlsPrincipal();
        }
    }

    @Override
    public PeerInfo localPeer() {
        return connection.localPeer();
    }

    @Override
    public boolean isSecure() {
        return connection.isSecure();
    }

    @Override
    public String socketId() {
        return connection.socketId();
    }

    @Override
    public String childSocketId() {
        return connection.childSocketId();
    }

    @Override
    public ListenerContext listenerContext() {
        return connection.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return connection.executor();
    }

    @Override
    public DataWriter dataWriter() {
        return connection.dataWriter();
    }

    @Override
    public DataReader dataReader() {
        return connection.dataReader();
    }

    @Override
    public Router router() {
        return connection.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return connection.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return connection.serverSocket();
    }
}
