package dev.shiplog.resource;

/** Checks shared by the identifiers of this package. */
final class Names {
    private Names() {}

    static String required(String what, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("expected a " + what + ", found an empty string");
        }
        return value;
    }
}
