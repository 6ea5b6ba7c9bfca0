package dev.shiplog.node.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InsecureRegistryException;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.event.events.ProgressEvent;

import dev.shiplog.node.runtime.PullProgress;
import dev.shiplog.node.runtime.RegistryLogin;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

import javax.net.ssl.SSLException;

/** Fetches an image from a registry as an archive, by Jib, which speaks the registry protocol. */
public final class RegistryPull {
    private static final int CONNECT_MILLIS = 5_000;

    /** How long Jib waits for a connection and for each answer. */
    private static final String ANSWER_MILLIS = "10000";

    private static final int HTTPS = 443;

    private RegistryPull() {}

    /**
     * Fetches an image from the first place that has it.
     *
     * @param work a directory of its own
     * @param asked the name as it stands in the pod
     * @param logins those that fit are used
     * @return the archive, in which the image has the asked name
     */
    public static Path fetch(
            ImageName name,
            Registries registries,
            List<RegistryLogin> logins,
            Path work,
            String asked,
            Consumer<PullProgress> progress)
            throws RuntimeFailure, IOException {
        List<RuntimeFailure> failures = new ArrayList<>();
        for (Registries.Place place : registries.places(name)) {
            List<Optional<RegistryLogin>> tries = new ArrayList<>();
            Logins.of(place.name(), logins).forEach(login -> tries.add(Optional.of(login)));
            if (tries.isEmpty()) {
                tries.add(Optional.empty());
            }
            for (Optional<RegistryLogin> login : tries) {
                try {
                    return fetch(place, name, login, work, asked, progress);
                } catch (RuntimeFailure failure) {
                    failures.add(failure);
                }
            }
        }
        RuntimeFailure last = failures.getLast();
        if (failures.size() == 1) {
            throw last;
        }
        throw new RuntimeFailure(
                last.kind(),
                String.join(
                        "; ", failures.stream().map(f -> String.valueOf(f.getMessage())).toList()),
                last);
    }

    private static Path fetch(
            Registries.Place place,
            ImageName wanted,
            Optional<RegistryLogin> login,
            Path work,
            String asked,
            Consumer<PullProgress> progress)
            throws RuntimeFailure, IOException {
        ImageName name = place.name();
        reach(name, place.insecure());
        if (System.getProperty("jib.httpTimeout") == null) {
            System.setProperty("jib.httpTimeout", ANSWER_MILLIS);
        }
        Path tar = work.resolve("image.tar");
        PullMeter meter = new PullMeter(asked, progress);
        try {
            Containerizer to =
                    Containerizer.to(TarImage.at(tar).named(archived(wanted)))
                            .setBaseImageLayersCache(work.resolve("base"))
                            .setApplicationLayersCache(work.resolve("application"))
                            .setAllowInsecureRegistries(place.insecure())
                            .setToolName("shiplog")
                            .addEventHandler(ProgressEvent.class, meter);
            RegistryImage from = RegistryImage.named(name.toString());
            login.ifPresent(known -> from.addCredential(known.username(), known.password()));
            Jib.from(from)
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
            throw failure(name, login, e);
        } catch (IOException e) {
            throw unreachable(name, e);
        }
    }

    /** An archive's images have tags, never digests. */
    private static String archived(ImageName name) {
        return name.suffix().startsWith(":") ? name.toString() : "pulled";
    }

    /** Asks for a connection first: Jib would wait longer, and try several times. */
    private static void reach(ImageName name, boolean insecure) throws RuntimeFailure {
        if (System.getProperty("https.proxyHost") != null) {
            return;
        }
        String host = name.registry();
        int port = insecure && !name.registry().equals(Registries.DOCKER) ? 0 : HTTPS;
        int colon = host.lastIndexOf(':');
        if (colon > host.lastIndexOf(']')) {
            port = Integer.parseInt(host.substring(colon + 1));
            host = host.substring(0, colon);
        }
        if (port == 0) {
            // Either of two ports: it is found out by asking.
            return;
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

    private static RuntimeFailure failure(
            ImageName name, Optional<RegistryLogin> login, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String said = said(cause).toLowerCase(Locale.ROOT);
            if (said.contains("unauthorized")
                    || said.contains("forbidden")
                    || said.contains("denied")) {
                return new RuntimeFailure(
                        Kind.IMAGE_NOT_FOUND, refused(name, login, failure), failure);
            }
            if (said.contains("not found") || said.contains("404") || said.contains("unknown")) {
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
            if (cause instanceof InsecureRegistryException || cause instanceof SSLException) {
                return new RuntimeFailure(
                        Kind.REGISTRY_UNREACHABLE,
                        "registry "
                                + name.registry()
                                + " cannot be trusted: it speaks plain HTTP or has a certificate that"
                                + " nobody vouches for; if it may, start with --insecure-registry "
                                + name.registry(),
                        failure);
            }
            if (cause instanceof IOException) {
                return unreachable(name, failure);
            }
        }
        return new RuntimeFailure(
                Kind.OTHER, "could not pull " + name + ": " + said(failure), failure);
    }

    private static String refused(
            ImageName name, Optional<RegistryLogin> login, Exception failure) {
        String told =
                login.map(known ->
                                "registry "
                                        + name.registry()
                                        + " does not let "
                                        + known.username()
                                        + " have image "
                                        + name
                                        + "; correct the Secret that imagePullSecrets names")
                        .orElse(
                                "registry "
                                        + name.registry()
                                        + " wants to know who asks for image "
                                        + name
                                        + "; make a Secret (kubectl create secret docker-registry"
                                        + " NAME --docker-server="
                                        + name.registry()
                                        + " --docker-username=… --docker-password=…) and name it in"
                                        + " imagePullSecrets of the pod or of its service account");
        return told + ": " + said(failure);
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
