package dev.shiplog.api.write;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.patch.FieldManager;

import java.util.List;
import java.util.Optional;

/**
 * What the parameters of a write say: {@code meta/v1} CreateOptions, UpdateOptions, PatchOptions.
 *
 * @param dryRun say what would happen, and change nothing
 * @param fieldManager in whose name fields are set; by default the first word of the User-Agent
 * @param named whether {@code fieldManager} was given
 * @param validation what to do about fields that do not exist
 * @param force take fields over that others manage
 */
record WriteOptions(
        boolean dryRun,
        String fieldManager,
        boolean named,
        FieldValidation validation,
        boolean force) {
    /** What to do about fields that do not exist, and fields that stand twice. */
    enum FieldValidation {
        STRICT,
        WARN,
        IGNORE
    }

    /**
     * @throws ApiFailure 422 if a parameter has a value that it cannot have
     */
    static WriteOptions of(Request request) {
        boolean dryRun = false;
        for (String value : request.query().parameters().getOrDefault("dryRun", List.of())) {
            if (value.equals("All")) {
                dryRun = true;
            } else if (!value.isEmpty()) {
                throw invalid(
                        "dryRun: Unsupported value: \"" + value + "\": supported values: \"All\"");
            }
        }
        Optional<String> manager = request.query().first("fieldManager");
        if (manager.filter(name -> name.length() > FieldManager.MAX_NAME).isPresent()) {
            throw invalid(
                    "fieldManager: Too long: may not be more than "
                            + FieldManager.MAX_NAME
                            + " bytes");
        }
        return new WriteOptions(
                dryRun,
                manager.orElseGet(() -> fromUserAgent(request)),
                manager.isPresent(),
                validation(request.query().first("fieldValidation").orElse("Warn")),
                request.query().flag("force"));
    }

    private static FieldValidation validation(String word) {
        return switch (word) {
            case "Strict" -> FieldValidation.STRICT;
            case "Warn" -> FieldValidation.WARN;
            case "Ignore" -> FieldValidation.IGNORE;
            default ->
                    throw invalid(
                            "fieldValidation: Unsupported value: \""
                                    + word
                                    + "\": supported values: \"Ignore\", \"Strict\", \"Warn\"");
        };
    }

    private static String fromUserAgent(Request request) {
        String agent = request.header("User-Agent").orElse("");
        int slash = agent.indexOf('/');
        String name = slash < 0 ? agent : agent.substring(0, slash);
        return name.length() > FieldManager.MAX_NAME
                ? name.substring(0, FieldManager.MAX_NAME)
                : name;
    }

    private static ApiFailure invalid(String why) {
        return new ApiFailure(Status.invalid("WriteOptions.meta.k8s.io", "", why));
    }
}
