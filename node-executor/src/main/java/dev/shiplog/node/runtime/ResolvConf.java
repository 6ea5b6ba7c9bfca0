package dev.shiplog.node.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code /etc/resolv.conf} says.
 *
 * @param nameservers addresses, asked in this order
 * @param searches domains that a name is tried in
 * @param options such as {@code ndots:5}
 * @see <a href="https://man7.org/linux/man-pages/man5/resolv.conf.5.html">resolv.conf(5)</a>
 */
public record ResolvConf(List<String> nameservers, List<String> searches, List<String> options) {
    /** One that names nobody. */
    public static final ResolvConf EMPTY = new ResolvConf(List.of(), List.of(), List.of());

    public ResolvConf {
        nameservers = List.copyOf(nameservers);
        searches = List.copyOf(searches);
        options = List.copyOf(options);
    }

    /** Reads a file's text; what it does not know it skips, as resolvers do. */
    public static ResolvConf parse(String text) {
        List<String> nameservers = new ArrayList<>();
        List<String> searches = List.of();
        List<String> options = new ArrayList<>();
        for (String line : text.lines().toList()) {
            List<String> words = List.of(line.strip().split("\\s+", -1));
            List<String> rest = words.subList(1, words.size());
            switch (words.getFirst()) {
                case "nameserver" -> rest.stream().limit(1).forEach(nameservers::add);
                case "search" -> searches = rest;
                case "domain" -> searches = rest.subList(0, Math.min(1, rest.size()));
                case "options" -> options.addAll(rest);
                default -> {}
            }
        }
        return new ResolvConf(nameservers, searches, options);
    }

    /** The file's text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (!searches.isEmpty()) {
            text.append("search ").append(String.join(" ", searches)).append('\n');
        }
        nameservers.forEach(
                server -> text.append("nameserver ").append(server).append('\n'));
        if (!options.isEmpty()) {
            text.append("options ").append(String.join(" ", options)).append('\n');
        }
        return text.toString();
    }
}
