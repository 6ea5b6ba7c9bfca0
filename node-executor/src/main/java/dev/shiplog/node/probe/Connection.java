package dev.shiplog.node.probe;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;

/**
 * A connection that is over at a deadline, however little by little the other side writes. Failures
 * are told in the words that Kubernetes' kubelet uses, because people search for them.
 */
final class Connection implements AutoCloseable {
    private final long deadline;
    private final String address;
    private Socket socket = new Socket();

    private Connection(String address, Duration timeout) {
        this.address = address;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    /**
     * @throws IOException the message is fit for people
     */
    static Connection open(String host, int port, Duration timeout) throws IOException {
        Connection connection = new Connection(hostPort(host, port), timeout);
        try {
            InetAddress ip = InetAddress.getByName(host);
            connection.socket.setTcpNoDelay(true);
            connection.socket.connect(new InetSocketAddress(ip, port), connection.leftMillis());
            return connection;
        } catch (IOException e) {
            connection.close();
            throw connection.dialed(host, e);
        }
    }

    /** {@code 10.0.0.1:80}, {@code [fd00::1]:80}. */
    static String hostPort(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private IOException dialed(String host, IOException e) {
        return switch (e) {
            case SocketTimeoutException _ -> failure("i/o timeout", e);
            case ConnectException _ -> failure("connect: " + reason(e), e);
            case NoRouteToHostException _ -> failure("connect: no route to host", e);
            case UnknownHostException _ ->
                    new IOException("dial tcp: lookup " + host + ": no such host", e);
            default -> failure(reason(e), e);
        };
    }

    private IOException failure(String what, IOException cause) {
        return new IOException("dial tcp " + address + ": " + what, cause);
    }

    /** {@code Connection refused} without what Java adds to it. */
    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        int more = message.indexOf(" (");
        return (more < 0 ? message : message.substring(0, more)).toLowerCase(Locale.ROOT);
    }

    /** What is left until the deadline: at least one millisecond. */
    private int leftMillis() throws SocketTimeoutException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("the time is over");
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, left / 1_000_000));
    }

    Socket socket() {
        return socket;
    }

    /** Goes on inside another socket, such as one with TLS around this one. */
    void wrap(Socket around) {
        socket = around;
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Reads at least one byte, unless the other side has ended. */
    int read(byte[] buffer, int from, int most) throws IOException {
        socket.setSoTimeout(leftMillis());
        return socket.getInputStream().read(buffer, from, most);
    }

    /** The time that a handshake may take. */
    void limitReads() throws IOException {
        socket.setSoTimeout(leftMillis());
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException gone) {
            // Nobody needs it any more.
        }
    }
}
