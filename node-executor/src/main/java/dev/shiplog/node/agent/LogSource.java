package dev.shiplog.node.agent;

import dev.shiplog.node.plan.ContainerState;
import dev.shiplog.node.plan.ContainerView;
import dev.shiplog.resource.ResourceKey;

import java.util.List;
import java.util.Optional;

/** Which of a container's attempts a request for its logs means. */
final class LogSource {
    private LogSource() {}

    /**
     * The id of the container to read.
     *
     * @param previous whether the attempt before the current one is meant
     */
    static String containerId(
            ResourceKey pod, List<ContainerView> views, String container, boolean previous)
            throws LogsUnavailable {
        if (views.isEmpty()) {
            throw new LogsUnavailable(
                    "pod "
                            + pod.name()
                            + " was taken up just now; its containers are not known yet");
        }
        ContainerView view =
                views.stream()
                        .filter(v -> v.name().equals(container))
                        .findFirst()
                        .orElseThrow(() ->
                                new LogsUnavailable(
                                        "container "
                                                + container
                                                + " is not valid for pod "
                                                + pod.name()));
        Optional<String> id = previous ? lastId(view) : currentId(view);
        if (id.isPresent()) {
            return id.get();
        }
        String name = "container \"" + container + "\" in pod \"" + pod.name() + "\"";
        throw new LogsUnavailable(
                previous
                        ? "previous terminated " + name + " not found"
                        : name + " is " + unavailable(view.state()));
    }

    private static Optional<String> currentId(ContainerView view) {
        return switch (view.state()) {
            case ContainerState.Running _ -> Optional.of(view.containerId());
            case ContainerState.Terminated ended ->
                    known(ended.containerId()).or(() -> lastId(view));
            case ContainerState.Waiting _ -> lastId(view);
        };
    }

    private static Optional<String> lastId(ContainerView view) {
        return view.last().map(ContainerState.Terminated::containerId).flatMap(LogSource::known);
    }

    private static Optional<String> known(String id) {
        return id.isEmpty() ? Optional.empty() : Optional.of(id);
    }

    private static String unavailable(ContainerState state) {
        return switch (state) {
            case ContainerState.Running _, ContainerState.Terminated _ -> "terminated";
            case ContainerState.Waiting(String reason, _) ->
                    "waiting to start: "
                            + switch (reason) {
                                case "ErrImagePull" -> "image can't be pulled";
                                case "ImagePullBackOff" -> "trying and failing to pull image";
                                default -> reason;
                            };
        };
    }
}
