package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Ipv4;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.regex.Pattern;

/** Validates by which names a pod knows itself and others. */
final class PodNamesValidation {
    private static final int MOST_SERVERS = 3;
    private static final int MOST_SEARCHES = 32;
    private static final int LONGEST_SEARCH_LINE = 2048;

    /** As loose as it may be: what passes is written into a file, and only that. */
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private PodNamesValidation() {}

    static void validate(JsonNode spec, FieldPath path, Findings findings) {
        for (String name : new String[] {"hostname", "subdomain"}) {
            String value = spec.path(name).asText();
            if (!value.isEmpty()) {
                Check.text(value, path.child(name), Names::label, findings);
            }
        }
        config(spec, path, findings);
        JsonNode aliases = spec.path("hostAliases");
        for (int i = 0; i < aliases.size(); i++) {
            FieldPath at = path.child("hostAliases").item(i);
            address(aliases.get(i).path("ip").asText(), at.child("ip"), findings);
            JsonNode names = aliases.get(i).path("hostnames");
            for (int j = 0; j < names.size(); j++) {
                Check.text(
                        names.get(j).asText(),
                        at.child("hostnames").item(j),
                        Names::subdomain,
                        findings);
            }
        }
    }

    private static void config(JsonNode spec, FieldPath path, Findings findings) {
        boolean none = spec.path("dnsPolicy").asText().equals("None");
        JsonNode config = spec.path("dnsConfig");
        FieldPath at = path.child("dnsConfig");
        if (none && !config.isObject()) {
            findings.required(at, "must provide `dnsConfig` when `dnsPolicy` is None");
            return;
        }
        JsonNode servers = config.path("nameservers");
        if (none && servers.isEmpty()) {
            findings.required(
                    at.child("nameservers"),
                    "must provide at least one DNS nameserver when `dnsPolicy` is None");
        }
        if (servers.size() > MOST_SERVERS) {
            findings.invalid(
                    at.child("nameservers"),
                    servers.toString(),
                    "must not have more than " + MOST_SERVERS + " nameservers");
        }
        for (int i = 0; i < servers.size(); i++) {
            address(servers.get(i).asText(), at.child("nameservers").item(i), findings);
        }
        searches(config.path("searches"), at.child("searches"), findings);
        JsonNode options = config.path("options");
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).path("name").asText().isEmpty()) {
                findings.required(at.child("options").item(i), "must not be empty");
            }
        }
    }

    private static void searches(JsonNode searches, FieldPath path, Findings findings) {
        if (searches.size() > MOST_SEARCHES) {
            findings.invalid(
                    path,
                    searches.toString(),
                    "must not have more than " + MOST_SEARCHES + " search paths");
        }
        int length = Math.max(0, searches.size() - 1);
        for (int i = 0; i < searches.size(); i++) {
            String search = searches.get(i).asText();
            length += search.length();
            String name = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
            if (!name.isEmpty() || !search.equals(".")) {
                Check.text(name, path.item(i), Names::subdomain, findings);
            }
        }
        if (length > LONGEST_SEARCH_LINE) {
            findings.invalid(
                    path,
                    searches.toString(),
                    "must not have more than "
                            + LONGEST_SEARCH_LINE
                            + " characters (including spaces) in the search list");
        }
    }

    private static void address(String text, FieldPath path, Findings findings) {
        if (!Ipv4.is(text) && !IPV6.matcher(text).matches()) {
            findings.invalid(
                    path,
                    Check.quoted(text),
                    "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
    }
}
