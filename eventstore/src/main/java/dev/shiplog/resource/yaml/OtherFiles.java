package dev.shiplog.resource.yaml;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Optional;

/**
 * Tells files that are no manifests but lie beside them in many repositories, and says what to do
 * about them.
 */
final class OtherFiles {
    private static final String LEAVE_OUT =
            "; a file that is no manifest is left alone if .shiplogignore names it";

    private static final String EXPECTED =
            "expected a Kubernetes resource with apiVersion, kind and metadata, found ";

    private static final String KUSTOMIZE = "kustomize.config.k8s.io/";

    private static final String LARGE_FILE = "version https://git-lfs.github.com/spec/";

    private static final List<String> MEMBERS = List.of("apiVersion", "kind", "metadata", "spec");

    private OtherFiles() {}

    /**
     * What is said of a document that can be no resource; empty for all others.
     *
     * @param whole whether it is not an item of a List
     */
    static Optional<String> trouble(String path, JsonNode document, boolean whole) {
        if (document.isTextual() && document.asText().startsWith(LARGE_FILE)) {
            return Optional.of(
                    EXPECTED
                            + "a pointer of Git LFS: what it stands for is not fetched; keep manifests out"
                            + " of LFS");
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (document.path("apiVersion").asText().startsWith(KUSTOMIZE)
                || name.equals("kustomization.yaml")
                || name.equals("kustomization.yml")) {
            return Optional.of(
                    "a kustomization is not built here: commit what \"kubectl kustomize\" prints, and"
                            + " name this file and those that it begins from in .shiplogignore");
        }
        return found(document).map(what -> EXPECTED + what + (whole ? LEAVE_OUT : ""));
    }

    private static Optional<String> found(JsonNode document) {
        if (!document.isObject()) {
            return Optional.of(document.isArray() ? "a list" : "a single word");
        }
        return MEMBERS.stream().anyMatch(document::has)
                ? Optional.empty()
                : Optional.of("none of them");
    }
}
