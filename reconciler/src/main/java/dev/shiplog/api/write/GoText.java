package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Values as Go prints them with {@code %+v}: some of Kubernetes' messages cite them so. */
final class GoText {
    private GoText() {}

    static String of(JsonNode value) {
        if (value.isObject()) {
            TreeMap<String, JsonNode> members = new TreeMap<>();
            value.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
            List<String> texts = new ArrayList<>();
            members.forEach((name, member) -> texts.add(name + ":" + of(member)));
            return "map[" + String.join(" ", texts) + "]";
        }
        if (value.isArray()) {
            List<String> texts = new ArrayList<>();
            value.forEach(item -> texts.add(of(item)));
            return "[" + String.join(" ", texts) + "]";
        }
        return value.isNull() ? "<nil>" : value.asText();
    }
}
