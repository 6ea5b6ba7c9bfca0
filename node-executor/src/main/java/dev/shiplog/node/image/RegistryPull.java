package dev.shiplog.node.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.event.events.ProgressEvent;

import dev.shiplog.node.runtime.PullProgress;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Fetches an image from a registry as an archive, by Jib, which speaks the registry protocol. */
final class RegistryPull {
    private static final int CONNECT_MILLIS = 5_000;

    /** How long Jib waits for a connection and for each answer. */
    private static final String ANSWER_MILLIS = "10000";

    private static final int HTTPS = 443;

    private RegistryPull() {}

    /** Writes the archive into {@code work} and gives its path. */
    static Path fetch(ImageName name, Path work, String asked, Consumer<PullProgress> progress)
            throws RuntimeFailure, IOException {
        reach(name);
        if (System.getProperty("jib.httpTimeout") == null) {
            System.setProperty("jib.httpTimeout", ANSWER_MILLIS);
        }
        Path tar = work.resolve("image.tar");
        PullMeter meter = new PullMeter(asked, progress);
        try {
            Containerizer to =
                    Containerizer.to(TarImage.at(tar).named("pulled"))
                            .setBaseImageLayersCache(work.resolve("base"))
                            .setApplicationLayersCache(work.resolve("application"))
                            .setAllowInsecureRegistries(local(name))
                            .setToolName("shiplog")
                            .addEventHandler(ProgressEvent.class, meter);
            Jib.from(RegistryImage.named(name.toString()))
                    .setPlatforms(Set.of(new Platform(ImageArchive.architecture(), "linux")))
                    .containerize(to);
            return tar;
        } catch (InvalidImageReferenceException e) {
            throw new RuntimeFailure(Kind.INVALID_IMAGE_NAME, "not an image name: " + asked, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeFailure(Kind.OTHER, "interrupted while pulling " + asked, e);
        } catch (CacheDirectoryCreationException e) {
            throw new IOException(e.getMessage(), e);
        } catch (RegistryException | ExecutionException e) {
            throw failure(name, e);
        } catch (IOException e) {
            throw unreachable(name, e);
        }
    }

    /** Asks for a connection first: Jib would wait longer, and try several times. */
    private static void reach(ImageName name) throws RuntimeFailure {
        if (System.getProperty("https.proxyHost") != null) {
            return;
        }
        String host = name.registry();
        int port = HTTPS;
        int colon = host.lastIndexOf(':');
        if (colon > host.lastIndexOf(']')) {
            port = Integer.parseInt(host.substring(colon + 1));
            host = host.substring(0, colon);
        }
        if (host.equals("docker.io")) {
            host = "registry-1.docker.io";
        }
        try (Socket socket = new Socket()) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new IOException("no address is known for " + host);
            }
            socket.connect(address, CONNECT_MILLIS);
        } catch (IOException | IllegalArgumentException e) {
            throw unreachable(name, e);
        }
    }

    /** Registries on this machine may speak plain HTTP, as Docker allows too. */
    private static boolean local(ImageName name) {
        return name.registry().startsWith("localhost") || name.registry().startsWith("127.");
    }

    private static RuntimeFailure failure(ImageName name, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String said = said(cause).toLowerCase(Locale.ROOT);
            if (said.contains("unauthorized")
                    || said.contains("forbidden")
                    || said.contains("not found")
                    || said.contains("404")
                    || said.contains("unknown")
                    || said.contains("denied")) {
                return new RuntimeFailure(
                        Kind.IMAGE_NOT_FOUND,
                        "registry "
                                + name.registry()
                                + " has no image "
                                + name
                                + ", or not without credentials: "
                                + said(failure),
                        failure);
            }
            if (cause instanceof IOException) {
                return unreachable(name, failure);
            }
        }
        return new RuntimeFailure(
                Kind.OTHER, "could not pull " + name + ": " + said(failure), failure);
    }

    private static RuntimeFailure unreachable(ImageName name, Exception failure) {
        return new RuntimeFailure(
                Kind.REGISTRY_UNREACHABLE,
                "registry " + name.registry() + " does not answer: " + said(failure),
                failure);
    }

    private static String said(Throwable failure) {
        @Nullable String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
