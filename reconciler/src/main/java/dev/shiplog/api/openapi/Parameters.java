package dev.shiplog.api.openapi;

import java.util.List;

/** What requests take behind the question mark. */
final class Parameters {
    /**
     * @param in {@code query} or {@code path}
     */
    record Parameter(String name, String type, String in) {
        private static Parameter text(String name) {
            return new Parameter(name, "string", "query");
        }

        private static Parameter flag(String name) {
            return new Parameter(name, "boolean", "query");
        }

        private static Parameter number(String name) {
            return new Parameter(name, "integer", "query");
        }
    }

    static final List<Parameter> LIST =
            List.of(
                    Parameter.flag("allowWatchBookmarks"),
                    Parameter.text("continue"),
                    Parameter.text("fieldSelector"),
                    Parameter.text("labelSelector"),
                    Parameter.number("limit"),
                    Parameter.text("resourceVersion"),
                    Parameter.text("resourceVersionMatch"),
                    Parameter.number("timeoutSeconds"),
                    Parameter.flag("watch"));

    static final List<Parameter> WRITE =
            List.of(
                    Parameter.text("dryRun"),
                    Parameter.text("fieldManager"),
                    Parameter.text("fieldValidation"));

    static final List<Parameter> PATCH =
            List.of(
                    Parameter.text("dryRun"),
                    Parameter.text("fieldManager"),
                    Parameter.text("fieldValidation"),
                    Parameter.flag("force"));

    static final List<Parameter> DELETE =
            List.of(
                    Parameter.text("dryRun"),
                    Parameter.number("gracePeriodSeconds"),
                    Parameter.text("propagationPolicy"));

    private Parameters() {}
}
