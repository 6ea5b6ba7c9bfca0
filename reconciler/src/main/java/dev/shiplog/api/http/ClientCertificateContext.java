package dev.shiplog.api.http;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.SecureRandom;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A TLS context whose accepted sockets ask for a client certificate. The HTTP library does so by
 * itself only with its own non-blocking TLS; the JDK's blocking sockets, which can be read by one
 * thread and written by another, it takes from the context as they come.
 */
final class ClientCertificateContext extends SSLContext {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /**
     * Of each connection: a small request comes by one read from the system, and not its head by
     * one and its rest by another.
     */
    private static final int BUFFER_BYTES = 1024;

    ClientCertificateContext(SSLContext context) {
        super(new Asking(context), context.getProvider(), context.getProtocol());
    }

    private static final class Asking extends SSLContextSpi {
        private final SSLContext context;

        Asking(SSLContext context) {
            this.context = context;
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new Factory(context.getSocketFactory());
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trusted, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("this context is set up already");
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return context.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return context.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return context.createSSLEngine(host, port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return context.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return context.getClientSessionContext();
        }
    }

    private static final class Factory extends SSLSocketFactory {
        private final SSLSocketFactory sockets;

        Factory(SSLSocketFactory sockets) {
            this.sockets = sockets;
        }

        @Override
        public Socket createSocket(
                Socket accepted, @Nullable InputStream consumed, boolean autoClose)
                throws IOException {
            // What was read from the socket already, as the JDK sees it: all that there will be.
            InputStream read = new BufferedInputStream(rest(accepted, consumed), BUFFER_BYTES);
            // The layer must close what is below it, or a socket closed from here would linger.
            SSLSocket socket = (SSLSocket) sockets.createSocket(accepted, read, true);
            socket.setUseClientMode(false);
            socket.setEnabledProtocols(PROTOCOLS);
            socket.setWantClientAuth(true);
            return socket;
        }

        private static InputStream rest(Socket accepted, @Nullable InputStream consumed)
                throws IOException {
            InputStream in = accepted.getInputStream();
            return consumed == null ? in : new SequenceInputStream(consumed, in);
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return sockets.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return sockets.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
                throws IOException {
            return sockets.createSocket(socket, host, port, autoClose);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return sockets.createSocket(host, port);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort)
                throws IOException {
            return sockets.createSocket(host, port, local, localPort);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return sockets.createSocket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
                throws IOException {
            return sockets.createSocket(host, port, local, localPort);
        }
    }
}
