package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.command.LoadImageCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;

import dev.shiplog.node.runtime.PauseProgram;
import dev.shiplog.node.runtime.PullProgress;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The Engine's images: looking, pulling, and loading those that we make ourselves. */
final class Images {
    /** The image of every sandbox: {@link PauseProgram} and nothing else. */
    static final String PAUSE = "shiplog/pause:2";

    private final Engine engine;

    Images(Engine engine) {
        this.engine = engine;
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

    String pull(String image, Consumer<PullProgress> progress) throws RuntimeFailure {
        ImageName name = ImageName.parse(image);
        new Pull(engine, image, name, progress).run();
        return id(image)
                .orElseThrow(() ->
                        new RuntimeFailure(
                                Kind.OTHER,
                                "image \"%s\" was pulled, but is not there".formatted(image)));
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
