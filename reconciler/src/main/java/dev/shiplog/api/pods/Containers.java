package dev.shiplog.api.pods;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which container of a pod is meant, and whether it has a log. The texts are Kubernetes'. */
public final class Containers {
    private Containers() {}

    /**
     * The container that a request means: the one that it names, or else the only one.
     *
     * @throws ApiFailure 400 if there is no such container, or there are several to choose from
     */
    public static String choose(String pod, JsonNode spec, Optional<String> wanted) {
        List<String> containers = names(spec.path("containers"));
        List<String> initContainers = names(spec.path("initContainers"));
        if (wanted.isPresent()) {
            if (containers.contains(wanted.get())
                    || initContainers.contains(wanted.get())
                    || names(spec.path("ephemeralContainers")).contains(wanted.get())) {
                return wanted.get();
            }
            throw new ApiFailure(
                    Status.badRequest(
                            "container " + wanted.get() + " is not valid for pod " + pod));
        }
        if (containers.size() == 1) {
            return containers.getFirst();
        }
        String message =
                "a container name must be specified for pod "
                        + pod
                        + ", choose one of: "
                        + list(containers);
        if (!initContainers.isEmpty()) {
            message += " or one of the init containers: " + list(initContainers);
        }
        throw new ApiFailure(Status.badRequest(message));
    }

    /**
     * Passes if the container has started at least once.
     *
     * @param previous whether its life before this one is meant
     * @throws ApiFailure 400 if there is nothing to read yet, or not any more
     */
    public static void requireStarted(
            String pod, JsonNode status, String container, boolean previous) {
        Optional<JsonNode> found = status(status, container);
        if (found.isEmpty()) {
            throw waiting(container, pod, "ContainerCreating");
        }
        JsonNode state = found.get().path("state");
        boolean terminatedBefore = found.get().path("lastState").has("terminated");
        if (previous && !terminatedBefore) {
            throw new ApiFailure(
                    Status.badRequest(
                            "previous terminated container \""
                                    + container
                                    + "\" in pod \""
                                    + pod
                                    + "\" not found"));
        }
        if (!previous && state.has("waiting") && !terminatedBefore) {
            throw waiting(container, pod, reason(state.path("waiting")));
        }
    }

    private static String reason(JsonNode waiting) {
        String reason = waiting.path("reason").asText("ContainerCreating");
        return switch (reason) {
            case "ErrImagePull", "ImagePullBackOff" -> "trying and failing to pull image";
            case "InvalidImageName" -> "image name is not valid";
            case "ErrImageNeverPull" -> "image can't be pulled";
            default -> reason;
        };
    }

    private static Optional<JsonNode> status(JsonNode status, String container) {
        for (String list :
                List.of(
                        "containerStatuses",
                        "initContainerStatuses",
                        "ephemeralContainerStatuses")) {
            for (JsonNode one : status.path(list)) {
                if (one.path("name").asText().equals(container)) {
                    return Optional.of(one);
                }
            }
        }
        return Optional.empty();
    }

    private static ApiFailure waiting(String container, String pod, String reason) {
        return new ApiFailure(
                Status.badRequest(
                        "container \""
                                + container
                                + "\" in pod \""
                                + pod
                                + "\" is waiting to start: "
                                + reason));
    }

    private static List<String> names(JsonNode containers) {
        List<String> names = new ArrayList<>();
        containers.forEach(container -> names.add(container.path("name").asText()));
        return names;
    }

    private static String list(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }
}
