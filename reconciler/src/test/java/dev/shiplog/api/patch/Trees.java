package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;

/** JSON with single quotes, so that tests can be read. */
final class Trees {
    private Trees() {}

    static ObjectNode tree(String text) {
        return Json.parse(text.replace('\'', '"')).toObject();
    }

    static Json json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }
}
