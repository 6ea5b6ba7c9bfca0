package dev.shiplog.resource.yaml;

/** What was found wrong, or worth a warning, at one place of the file that is being read. */
record Trouble(Place place, String message) {}
