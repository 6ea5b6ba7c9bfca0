package dev.shiplog.api.openapi;

/** The version of OpenAPI, where the two differ. */
enum Style {
    /** OpenAPI 3.0. */
    V3("#/components/schemas/"),
    /** Swagger 2.0. */
    V2("#/definitions/");

    private final String prefix;

    Style(String prefix) {
        this.prefix = prefix;
    }

    /** A reference to a schema by its name. */
    String reference(String schemaName) {
        return prefix + schemaName;
    }
}
