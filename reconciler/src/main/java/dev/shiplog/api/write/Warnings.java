package dev.shiplog.api.write;

import dev.shiplog.api.Reply;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a client should know though its request was granted: the header {@code Warning}. */
final class Warnings {
    /** The most warnings of one reply. */
    static final int MAX_WARNINGS = 20;

    /** The most characters of one warning. */
    static final int MAX_CHARACTERS = 500;

    private final Set<String> texts = new LinkedHashSet<>();

    void add(String text) {
        if (texts.size() < MAX_WARNINGS) {
            texts.add(text);
        }
    }

    /** The reply with these warnings. */
    Reply on(Reply.Whole reply) {
        if (texts.isEmpty()) {
            return reply;
        }
        SortedMap<String, String> headers = new TreeMap<>(reply.headers());
        headers.put("Warning", header());
        return new Reply.Whole(reply.code(), headers, reply.body());
    }

    /** RFC 7234, section 5.5: a code, an agent that is not named, and a quoted text. */
    String header() {
        return texts.stream()
                .map(text -> "299 - \"" + escaped(text) + "\"")
                .collect(Collectors.joining(", "));
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.substring(0, Math.min(text.length(), MAX_CHARACTERS)).toCharArray()) {
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else {
                escaped.append(c < ' ' || c > '~' ? ' ' : c);
            }
        }
        return escaped.toString();
    }
}
