package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;

import dev.shiplog.node.runtime.PullProgress;
import dev.shiplog.node.runtime.RegistryLogin;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One pull: adds up what its layers report and gives up when nothing is heard for long. */
final class Pull extends ResultCallback.Adapter<PullResponseItem> {
    /** The Engine itself gives a silent registry about 15 s for each of a few tries. */
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(90);

    private static final Duration TELL_EVERY = Duration.ofMillis(250);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Engine engine;
    private final String image;
    private final ImageName name;
    private final Optional<RegistryLogin> login;
    private final Consumer<PullProgress> progress;
    private final Map<String, Layer> layers = new ConcurrentHashMap<>();
    private volatile long heard = System.nanoTime();
    private volatile Optional<String> error = Optional.empty();
    private long told = System.nanoTime() - TELL_EVERY.toNanos();

    /**
     * @param logins that fit; the first is used
     */
    Pull(
            Engine engine,
            String image,
            ImageName name,
            List<RegistryLogin> logins,
            Consumer<PullProgress> progress) {
        this.login = logins.stream().findFirst();
        this.engine = engine;
        this.image = image;
        this.name = name;
        this.progress = progress;
    }

    void run() throws RuntimeFailure {
        String doing = "pulling image \"" + image + "\"";
        try (this) {
            var command = engine.client().pullImageCmd(name.repository()).withTag(name.version());
            // Said with this pull only; the Engine keeps none of it.
            login.map(Pull::auth).ifPresent(command::withAuthConfig);
            command.exec(this);
            while (!awaitCompletion(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - heard > SILENCE_LIMIT.toNanos()) {
                    throw new RuntimeFailure(
                            Kind.REGISTRY_UNREACHABLE,
                            "%s: nothing was heard of it for %d s"
                                    .formatted(doing, SILENCE_LIMIT.toSeconds()));
                }
            }
        } catch (InterruptedException interrupted) {
            throw Engine.interrupted(doing);
        } catch (DockerException refused) {
            throw Failures.pull(image, Failures.message(refused));
        } catch (IOException | RuntimeException lost) {
            throw engine.failure(doing, lost);
        }
        if (error.isPresent()) {
            throw Failures.pull(image, error.get());
        }
    }

    private static AuthConfig auth(RegistryLogin login) {
        String registry = login.registry();
        return new AuthConfig()
                .withUsername(login.username())
                .withPassword(login.password())
                .withRegistryAddress(
                        registry.equals("docker.io")
                                ? AuthConfig.DEFAULT_SERVER_ADDRESS
                                : registry);
    }

    @Override
    public void onNext(PullResponseItem item) {
        heard = System.nanoTime();
        if (item.isErrorIndicated()) {
            error = Optional.of(errorText(item));
            return;
        }
        ResponseItem.ProgressDetail detail = item.getProgressDetail();
        boolean downloading = "Downloading".equals(item.getStatus());
        if (downloading && detail != null && detail.getCurrent() != null) {
            long total = detail.getTotal() == null ? 0 : detail.getTotal();
            layers.put(item.getId(), new Layer(detail.getCurrent(), total));
        } else if ("Download complete".equals(item.getStatus()) && item.getId() != null) {
            layers.computeIfPresent(item.getId(), (_, layer) -> layer.complete());
        }
        tell();
    }

    private void tell() {
        if (System.nanoTime() - told < TELL_EVERY.toNanos()) {
            return;
        }
        told = System.nanoTime();
        long done = layers.values().stream().mapToLong(Layer::done).sum();
        long total = layers.values().stream().mapToLong(Layer::total).sum();
        progress.accept(new PullProgress(image, done, total));
    }

    private static String errorText(ResponseItem item) {
        ResponseItem.ErrorDetail detail = item.getErrorDetail();
        return detail == null || detail.getMessage() == null
                ? "the Engine gave no reason"
                : detail.getMessage();
    }

    private record Layer(long done, long total) {
        Layer complete() {
            return new Layer(total, total);
        }
    }
}
