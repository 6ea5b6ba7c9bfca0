package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.command.LoadImageCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;

import dev.shiplog.node.image.Logins;
import dev.shiplog.node.image.Registries;
import dev.shiplog.node.image.RegistryPull;
import dev.shiplog.node.image.Trees;
import dev.shiplog.node.runtime.PauseProgram;
import dev.shiplog.node.runtime.PullProgress;
import dev.shiplog.node.runtime.RegistryLogin;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The Engine's images: looking, pulling, and loading those that we make ourselves. */
final class Images {
    /** The image of every sandbox: {@link PauseProgram} and nothing else. */
    static final String PAUSE = "shiplog/pause:2";

    private final Engine engine;
    private final Registries registries;

    Images(Engine engine, Registries registries) {
        this.engine = engine;
        this.registries = registries;
    }

    Optional<String> id(String image) throws RuntimeFailure {
        try {
            return engine.ask(
                    "looking for image \"" + image + "\"",
                    () ->
                            Optional.ofNullable(
                                    engine.client().inspectImageCmd(image).exec().getId()));
        } catch (NotFoundException absent) {
            return Optional.empty();
        }
    }

    String pull(String image, List<RegistryLogin> logins, Consumer<PullProgress> progress)
            throws RuntimeFailure {
        ImageName name = ImageName.parse(image);
        var full = dev.shiplog.node.image.ImageName.parse(image);
        if (registries.concern(full)) {
            fetch(image, full, logins, progress);
        } else {
            new Pull(engine, image, name, Logins.of(full, logins), progress).run();
        }
        return id(image)
                .orElseThrow(() ->
                        new RuntimeFailure(
                                Kind.OTHER,
                                "image \"%s\" was pulled, but is not there".formatted(image)));
    }

    /** Fetches an image from where the Engine would not, and gives it to the Engine. */
    private void fetch(
            String image,
            dev.shiplog.node.image.ImageName name,
            List<RegistryLogin> logins,
            Consumer<PullProgress> progress)
            throws RuntimeFailure {
        if (name.suffix().startsWith("@")) {
            throw new RuntimeFailure(
                    Kind.INVALID_SPEC,
                    "image \""
                            + image
                            + "\" has a digest and comes from a mirror or an insecure registry, which"
                            + " the Docker Engine must know of itself: set registry-mirrors or"
                            + " insecure-registries in its daemon.json, or name the image by a tag");
        }
        String doing = "pulling image \"" + image + "\"";
        try {
            Path work = Files.createTempDirectory("shiplog-pull-");
            try {
                Path archive = RegistryPull.fetch(name, registries, logins, work, image, progress);
                engine.call(doing, Engine.WORK_LIMIT, () -> loadFile(archive));
            } finally {
                Trees.delete(work);
            }
        } catch (DockerClientException | DockerException refused) {
            throw new RuntimeFailure(
                    Kind.OTHER, doing + ": " + Engine.rootMessage(refused), refused);
        } catch (IOException impossible) {
            throw new RuntimeFailure(
                    Kind.OTHER, doing + ": " + impossible.getMessage(), impossible);
        }
    }

    private String loadFile(Path archive) {
        try (InputStream in = Files.newInputStream(archive)) {
            return engine.client()
                    .loadImageAsyncCmd(in)
                    .exec(new LoadImageCallback())
                    .awaitMessage();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the sandboxes' image. */
    void loadPause() throws RuntimeFailure {
        String architecture = architecture();
        try {
            byte[] layer = LoadableImage.singleFile("pause", PauseProgram.elf(architecture));
            load(new LoadableImage(PAUSE, architecture, List.of("/pause"), layer));
        } catch (IOException | IllegalArgumentException impossible) {
            throw new RuntimeFailure(
                    Kind.OTHER, "making the sandbox image: " + impossible.getMessage(), impossible);
        }
    }

    /**
     * Loads an image that was made here.
     *
     * @return its content id
     */
    String load(LoadableImage image) throws RuntimeFailure {
        String doing = "loading image \"" + image.name() + "\"";
        try {
            byte[] archive = image.archive();
            engine.call(doing, Engine.WORK_LIMIT, () -> load(archive));
        } catch (DockerClientException | DockerException refused) {
            throw new RuntimeFailure(
                    Kind.OTHER, doing + ": " + Engine.rootMessage(refused), refused);
        } catch (IOException impossible) {
            throw new RuntimeFailure(
                    Kind.OTHER, doing + ": " + impossible.getMessage(), impossible);
        }
        return id(image.name())
                .orElseThrow(() -> new RuntimeFailure(Kind.OTHER, doing + ": it did not appear"));
    }

    private String load(byte[] archive) {
        return engine.client()
                .loadImageAsyncCmd(new ByteArrayInputStream(archive))
                .exec(new LoadImageCallback())
                .awaitMessage();
    }

    /** Removes the sandboxes' image unless a sandbox uses it. */
    void removePause() throws RuntimeFailure {
        try {
            engine.ask(
                    "removing image " + PAUSE, () -> engine.client().removeImageCmd(PAUSE).exec());
        } catch (DockerException goneOrInUse) {
            // Another cluster's sandboxes may need it; then the last one removes it.
            return;
        }
    }

    /** The Engine's processor architecture: {@code amd64}, {@code arm64}. */
    String architecture() throws RuntimeFailure {
        return engine.ask(
                "asking for the Engine's version",
                () -> engine.client().versionCmd().exec().getArch());
    }
}
