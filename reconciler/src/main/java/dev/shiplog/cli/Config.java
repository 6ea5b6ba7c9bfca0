package dev.shiplog.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Settings;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.schema.Spelling;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What new clusters of this user begin with unless their start says otherwise; kept in {@code
 * config.json} of the home folder. A key is the long name of an option of {@code start}, and a
 * value what would stand behind it.
 */
record Config(SortedMap<String, String> values) {
    /** The name of the cluster that is meant where {@code -p} is not said. */
    static final String PROFILE = "profile";

    private static final String FILE = "config.json";

    Config {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    static Path file(Map<String, String> environment) {
        return Profile.home(environment).resolve(FILE);
    }

    static Config read(Map<String, String> environment) throws IOException {
        Path file = file(environment);
        SortedMap<String, String> values = new TreeMap<>();
        try {
            Json.parse(Files.readString(file))
                    .toNode()
                    .properties()
                    .forEach(value -> values.put(value.getKey(), value.getValue().asText()));
        } catch (NoSuchFileException _) {
            // Nothing was ever set.
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    file + " cannot be read: " + e.getMessage() + "; put it right or delete it", e);
        }
        return new Config(values);
    }

    void write(Map<String, String> environment) throws IOException {
        Path file = file(environment);
        Files.createDirectories(Profile.home(environment));
        ObjectNode node = Json.EMPTY.toObject();
        values.forEach(node::put);
        Path next = file.resolveSibling(FILE + ".next");
        Files.writeString(next, node.toPrettyString() + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The keys that there are. */
    static List<String> keys() {
        List<String> keys = new ArrayList<>(List.of(PROFILE));
        CommandLine parser = new CommandLine(new Parsed());
        Set<OptionSpec> grouped = new HashSet<>();
        for (ArgGroupSpec group : parser.getCommandSpec().argGroups()) {
            grouped.addAll(group.options());
        }
        for (OptionSpec option : parser.getCommandSpec().options()) {
            if (!option.hidden() && !grouped.contains(option)) {
                keys.add(option.longestName().substring(2));
            }
        }
        Collections.sort(keys);
        return keys;
    }

    /**
     * The key that a word means.
     *
     * @throws IllegalArgumentException if there is none; the message says which there are
     */
    static String key(String word) {
        String key = word.startsWith("--") ? word.substring(2) : word;
        if (key.equals("driver") || key.equals("vm-driver")) {
            throw new IllegalArgumentException(
                    "what minikube calls \""
                            + key
                            + "\" is \"runtime\" here: docker, process or auto");
        }
        List<String> keys = keys();
        if (!keys.contains(key)) {
            throw new IllegalArgumentException(
                    "expected one of "
                            + String.join(", ", keys)
                            + ", found \""
                            + word
                            + "\""
                            + Spelling.hint(key, keys));
        }
        return key;
    }

    /**
     * The same with a value.
     *
     * @throws IllegalArgumentException if there is no such key, or it cannot have this value
     */
    Config with(String word, String value) {
        String key = key(word);
        if (key.equals(PROFILE)) {
            Profile.of(value, System.getenv());
        } else {
            parsed(key, value).options.over(Settings.DEFAULT);
        }
        SortedMap<String, String> more = new TreeMap<>(values);
        more.put(key, value);
        return new Config(more);
    }

    /** The same without a value. */
    Config without(String word) {
        SortedMap<String, String> fewer = new TreeMap<>(values);
        fewer.remove(key(word));
        return new Config(fewer);
    }

    /** Settings in which these stand in the place of others. */
    Settings over(Settings before) {
        Settings settings = before;
        for (Map.Entry<String, String> value : values.entrySet()) {
            if (!value.getKey().equals(PROFILE)) {
                settings = parsed(value.getKey(), value.getValue()).options.over(settings);
            }
        }
        return settings;
    }

    private static Parsed parsed(String key, String value) {
        Parsed parsed = new Parsed();
        CommandLine parser = new CommandLine(parsed).setCaseInsensitiveEnumValuesAllowed(true);
        try {
            parser.parseArgs("--" + key + "=" + value);
        } catch (ParameterException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return parsed;
    }

    /** The options of {@code start} by themselves. */
    @Command
    private static final class Parsed {
        @Mixin private final StartOptions options = new StartOptions();
    }
}
