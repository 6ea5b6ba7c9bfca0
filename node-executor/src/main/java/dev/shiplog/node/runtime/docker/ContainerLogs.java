package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.LogContainerCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Frame;

import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Reads one container's log from the Engine. */
final class ContainerLogs extends ResultCallback.Adapter<Frame> {
    /** For a log that is read to its present end. One that is followed may take for ever. */
    private static final Duration READ_LIMIT = Duration.ofMinutes(30);

    private final Engine engine;
    private final LogOptions options;
    private final LogFrames frames;
    private volatile boolean stopped;

    ContainerLogs(Engine engine, LogOptions options, OutputStream out) {
        this.engine = engine;
        this.options = options;
        this.frames = new LogFrames(options, out);
    }

    void read(String id) throws RuntimeFailure {
        String doing = "reading the log of container " + id;
        try (this) {
            command(id).exec(this);
            if (options.follow()) {
                awaitCompletion();
            } else if (!awaitCompletion(READ_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new RuntimeFailure(
                        Kind.UNAVAILABLE,
                        "%s: it did not end within %d min"
                                .formatted(doing, READ_LIMIT.toMinutes()));
            }
        } catch (InterruptedException interrupted) {
            // The reader went away. That is an end like any other, and stays visible to the caller.
            Thread.currentThread().interrupt();
        } catch (DockerException refused) {
            throw Failures.of(doing, refused);
        } catch (IOException | RuntimeException lost) {
            if (!stopped) {
                throw engine.failure(doing, lost);
            }
        }
    }

    private LogContainerCmd command(String id) {
        LogContainerCmd command =
                engine.client()
                        .logContainerCmd(id)
                        .withStdOut(true)
                        .withStdErr(true)
                        .withFollowStream(options.follow())
                        .withTimestamps(frames.needsTimestamps());
        options.tailLines().ifPresent(command::withTail);
        options.since().ifPresent(since -> command.withSince((int) since.getEpochSecond()));
        return command;
    }

    @Override
    public void onNext(Frame frame) {
        if (stopped) {
            return;
        }
        try {
            stopped = frames.write(frame);
        } catch (IOException readerGone) {
            stopped = true;
        }
        if (stopped) {
            onComplete();
        }
    }
}
