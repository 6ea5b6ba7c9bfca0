package dev.shiplog.node.runtime.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.DockerException;

import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** From what the Engine answers to what a pod's reader can use. */
final class Failures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> UNREACHABLE =
            List.of(
                    "no such host",
                    "connection refused",
                    "connection reset",
                    "i/o timeout",
                    "timeout exceeded",
                    "handshake timeout",
                    "deadline exceeded",
                    "network is unreachable",
                    "no route to host",
                    "server misbehaving",
                    "temporary failure in name resolution",
                    "proxyconnect",
                    "bad gateway",
                    "service unavailable",
                    "gateway timeout",
                    "request canceled",
                    "certificate",
                    "server gave http response",
                    "unexpected eof",
                    ": eof");

    private static final List<String> NOT_FOUND =
            List.of(
                    "not found",
                    "does not exist",
                    "manifest unknown",
                    "denied",
                    "unauthorized",
                    "no basic auth credentials");

    private static final List<String> PORT_TAKEN =
            List.of("port is already allocated", "address already in use");

    /** How runc says that the process whose namespaces a command was to join is gone. */
    private static final List<String> NOTHING_TO_JOIN =
            List.of(
                    "namespace path: ",
                    "failed to open /proc/",
                    "container that has stopped",
                    "stopped container");

    private Failures() {}

    /** A refused request that has no special meaning where it was made. */
    static RuntimeFailure of(String doing, DockerException refused) {
        String message = message(refused);
        boolean badSpec =
                refused instanceof BadRequestException || containsAny(message, PORT_TAKEN);
        Kind kind = badSpec ? Kind.INVALID_SPEC : Kind.OTHER;
        return new RuntimeFailure(kind, doing + ": " + message, refused);
    }

    static RuntimeFailure pull(String image, String said) {
        return pullBecause(image, said + advice(image, said.toLowerCase(Locale.ROOT)));
    }

    /** What to do, where that is known. */
    private static String advice(String image, String said) {
        int slash = image.indexOf('/');
        String host = slash < 0 ? "docker.io" : image.substring(0, slash);
        if (said.contains("server gave http response to https client") || said.contains("x509: ")) {
            return "; if the registry may be believed without proof, start with --insecure-registry "
                    + host;
        }
        boolean local = host.startsWith("127.") || host.startsWith("localhost");
        if (said.contains("no basic auth credentials")
                // What the Engine says of a local registry that asks for a password over TLS: it
                // tries plain HTTP then, and tells of that.
                || (local && said.contains("connection reset by peer"))
                || said.contains("unauthorized")
                || said.contains("access to the resource is denied")) {
            return "; if it is there, the registry wants to know who asks: name a Secret (kubectl"
                    + " create secret docker-registry NAME --docker-server="
                    + host
                    + " …) in imagePullSecrets of the pod or of its service account";
        }
        return "";
    }

    private static RuntimeFailure pullBecause(String image, String said) {
        if (containsAny(said, NOT_FOUND) && !containsAny(said, UNREACHABLE)) {
            return new RuntimeFailure(
                    Kind.IMAGE_NOT_FOUND, "pulling image \"" + image + "\": " + said);
        }
        if (containsAny(said, UNREACHABLE)) {
            return new RuntimeFailure(
                    Kind.REGISTRY_UNREACHABLE,
                    "pulling image \"" + image + "\": the registry did not answer: " + said);
        }
        return new RuntimeFailure(Kind.OTHER, "pulling image \"" + image + "\": " + said);
    }

    static RuntimeFailure start(String container, DockerException refused) {
        String message = message(refused);
        if (containsAny(message, PORT_TAKEN)) {
            return new RuntimeFailure(Kind.INVALID_SPEC, message, refused);
        }
        return new RuntimeFailure(
                Kind.START_FAILED,
                "starting container \"" + container + "\": " + cause(message),
                refused);
    }

    /** Whether a command could not be started because its container's own process has ended. */
    static boolean nothingToJoin(String said) {
        return containsAny(said, NOTHING_TO_JOIN);
    }

    /** Without the layers of the Engine that an error passed through: they help nobody. */
    static String cause(String message) {
        int exec = message.indexOf("exec: \"");
        String cause = exec < 0 ? message : message.substring(exec);
        return cause.replaceFirst(": unknown\\.?\\s*$", "").strip();
    }

    /** The Engine's own words, out of {@code Status 404: {"message":"…"}}. */
    static String message(DockerException refused) {
        String text = Optional.ofNullable(refused.getMessage()).orElse("");
        int brace = text.indexOf('{');
        if (brace < 0) {
            return text.strip();
        }
        try {
            return JSON.readTree(text.substring(brace)).path("message").asText(text).strip();
        } catch (JsonProcessingException notJson) {
            return text.strip();
        }
    }

    private static boolean containsAny(String text, List<String> words) {
        String lower = text.toLowerCase(Locale.ROOT);
        return words.stream().anyMatch(lower::contains);
    }
}
