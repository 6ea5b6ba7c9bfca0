package dev.shiplog.node.runtime.docker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and the Engine's socket; it can cut all connections, or fall silent. */
final class SocketProxy implements AutoCloseable {
    private final Path socket;
    private final Path target;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private volatile ServerSocketChannel server;
    private volatile boolean silent;

    SocketProxy(Path socket, Path target) throws IOException {
        this.socket = socket;
        this.target = target;
        this.server = listen();
    }

    URI uri() {
        return URI.create("unix://" + socket);
    }

    /** As when the Engine dies: connections end, and no new ones are taken. */
    void cut() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        for (SocketChannel channel : open) {
            channel.close();
        }
        open.clear();
    }

    /** As when the Engine is back. */
    void restore() throws IOException {
        server = listen();
    }

    /** As when the Engine hangs: connections are taken, and nothing comes back. */
    void fallSilent() {
        silent = true;
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private ServerSocketChannel listen() throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(() -> accept(listening));
        return listening;
    }

    private void accept(ServerSocketChannel listening) {
        try {
            while (listening.isOpen()) {
                SocketChannel client = listening.accept();
                SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(target));
                open.add(client);
                open.add(engine);
                Thread.ofVirtual().start(() -> copy(client, engine));
                Thread.ofVirtual().start(() -> copy(engine, client));
            }
        } catch (IOException cut) {
            return;
        }
    }

    private void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        try (from;
                to) {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining() && !silent) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException cut) {
            return;
        }
    }
}
