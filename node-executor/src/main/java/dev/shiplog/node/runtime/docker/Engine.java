package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.SSLConfig;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;

import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * The connection to one Docker Engine. Every call has a limit in time: the client library has none
 * on a Unix socket, so each call runs on a virtual thread of its own, whose interruption closes the
 * socket.
 */
final class Engine implements AutoCloseable {
    /** For calls that only look, or change one small thing. */
    static final Duration CALL_LIMIT = Duration.ofSeconds(30);

    /** For creating, starting and removing, on a slow disk and a busy machine. */
    static final Duration WORK_LIMIT = Duration.ofMinutes(3);

    static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final int MAX_CONNECTIONS = 1024;
    private static final String UNIX = "unix";

    private final DockerClient client;
    private final DockerClientConfig config;

    private Engine(DockerClient client, DockerClientConfig config) {
        this.client = client;
        this.config = config;
    }

    /** The Engine that DOCKER_HOST, the chosen Docker context or the usual socket names. */
    static Engine fromEnvironment() {
        return of(DefaultDockerClientConfig.createDefaultConfigBuilder().build());
    }

    static Engine at(URI host) {
        return of(
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(host.toString())
                        .build());
    }

    private static Engine of(DockerClientConfig config) {
        DockerHttpClient http =
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .sslConfig(secured(config))
                        .maxConnections(MAX_CONNECTIONS)
                        .connectionTimeout(CONNECT_LIMIT)
                        .build();
        return new Engine(DockerClientImpl.getInstance(config, new FreshConnections(http)), config);
    }

    /**
     * What the client secures its connections with. It makes ready for TLS at a Unix socket too,
     * which has none, and reads all of the world's certificate authorities for it: so it gets a
     * context there that trusts nobody.
     */
    static @Nullable SSLConfig secured(DockerClientConfig config) {
        return config.getSSLConfig() == null && config.getDockerHost().getScheme().equals(UNIX)
                ? Engine::trustingNobody
                : config.getSSLConfig();
    }

    private static SSLContext trustingNobody()
            throws NoSuchAlgorithmException, KeyManagementException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[0], new TrustManager[0], null);
        return context;
    }

    DockerClient client() {
        return client;
    }

    URI host() {
        return config.getDockerHost();
    }

    /** What its connections are secured with; empty if they are plain. */
    Optional<SSLContext> tls() throws IOException {
        if (config.getSSLConfig() == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(config.getSSLConfig().getSSLContext());
        } catch (GeneralSecurityException unusable) {
            throw new IOException("the certificates for Docker cannot be used", unusable);
        }
    }

    /** A question or a small change. */
    <T> T ask(String doing, Callable<T> call) throws RuntimeFailure {
        return call(doing, CALL_LIMIT, call);
    }

    /**
     * @param doing what for, in the words of the message of a failure
     * @throws RuntimeFailure with {@link Kind#UNAVAILABLE} when there is no answer within the limit
     * @throws DockerException when the Engine answers and refuses
     */
    <T> T call(String doing, Duration limit, Callable<T> call) throws RuntimeFailure {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofVirtual().name("docker: " + doing).start(task);
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            task.cancel(true);
            throw new RuntimeFailure(
                    Kind.UNAVAILABLE,
                    "%s: Docker at %s did not answer within %d s"
                            .formatted(doing, host(), limit.toSeconds()));
        } catch (InterruptedException interrupted) {
            task.cancel(true);
            throw interrupted(doing);
        } catch (ExecutionException failed) {
            throw failure(doing, failed.getCause() == null ? failed : failed.getCause());
        }
    }

    /** What a caller is told whose thread was interrupted; the thread stays interrupted. */
    static RuntimeFailure interrupted(String doing) {
        Thread.currentThread().interrupt();
        return new RuntimeFailure(Kind.OTHER, doing + ": interrupted");
    }

    /** Which failure this is; refusals by the Engine are thrown on as they are. */
    RuntimeFailure failure(String doing, Throwable cause) {
        return switch (cause) {
            case DockerException refused -> throw refused;
            case RuntimeFailure failure -> failure;
            case Error error -> throw error;
            case Throwable lost when isIo(lost) ->
                    new RuntimeFailure(
                            Kind.UNAVAILABLE,
                            "%s: Docker at %s does not answer: %s"
                                    .formatted(doing, host(), rootMessage(lost)),
                            lost);
            case RuntimeException ours -> throw ours;
            case Throwable other ->
                    new RuntimeFailure(Kind.OTHER, doing + ": " + rootMessage(other), other);
        };
    }

    static boolean isIo(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof IOException || at instanceof UncheckedIOException) {
                return true;
            }
        }
        return false;
    }

    static String rootMessage(Throwable thrown) {
        Throwable at = thrown;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException alreadyGone) {
            System.getLogger(Engine.class.getName())
                    .log(
                            System.Logger.Level.DEBUG,
                            "closing the connection to Docker",
                            alreadyGone);
        }
    }
}
