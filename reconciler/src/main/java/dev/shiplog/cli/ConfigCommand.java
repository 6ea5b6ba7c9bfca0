package dev.shiplog.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;

/** {@code shiplog config}: what new clusters begin with. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Keep what new clusters begin with, so that \"shiplog start\" need not be told.",
            "The keys are the options of start, such as memory, runtime, registry-mirror,"
                    + " insecure-registry and image-repository; and profile, the cluster that is"
                    + " meant without -p. A cluster that exists keeps what it was started with."
        })
final class ConfigCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "expected set, get, unset or view, found nothing");
    }

    /** The keys, for completion. */
    static final class Keys implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Config.keys().iterator();
        }
    }

    @Command(name = "set", mixinStandardHelpOptions = true, description = "Set a value.")
    int set(
            @Parameters(paramLabel = "KEY", completionCandidates = Keys.class) String key,
            @Parameters(paramLabel = "VALUE") String value)
            throws IOException {
        Config before = Config.read(System.getenv());
        called(() -> before.with(key, value)).write(System.getenv());
        say(
                Config.key(key).equals(Config.PROFILE)
                        ? "Without -p, commands now mean the cluster \"" + value + "\"."
                        : "Clusters that are new from now on begin with "
                                + Config.key(key)
                                + " "
                                + value
                                + ". For one that exists, say it at its next start.");
        return 0;
    }

    @Command(name = "get", mixinStandardHelpOptions = true, description = "Print a value.")
    int get(@Parameters(paramLabel = "KEY", completionCandidates = Keys.class) String key)
            throws IOException {
        Config config = Config.read(System.getenv());
        String known = called(() -> Config.key(key));
        @Nullable String value = config.values().get(known);
        if (value == null) {
            throw new CommandFailure(known + " is not set");
        }
        say(value);
        return 0;
    }

    @Command(name = "unset", mixinStandardHelpOptions = true, description = "Take a value back.")
    int unset(@Parameters(paramLabel = "KEY", completionCandidates = Keys.class) String key)
            throws IOException {
        Config before = Config.read(System.getenv());
        called(() -> before.without(key)).write(System.getenv());
        return 0;
    }

    @Command(name = "view", mixinStandardHelpOptions = true, description = "Print all values.")
    int view() throws IOException {
        for (Map.Entry<String, String> value : Config.read(System.getenv()).values().entrySet()) {
            say(value.getKey() + ": " + value.getValue());
        }
        return 0;
    }

    /** What came of the words of whoever calls, if they mean anything. */
    private <T> T called(Supplier<T> words) {
        try {
            return words.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
