package dev.shiplog.fuzz;

import java.util.Locale;
import java.util.Optional;

/** What Jazzer calls: hands each input on to the target that its arguments name. */
public final class FuzzTarget {
    private static Optional<FuzzTargets.Target> chosen = Optional.empty();

    private FuzzTarget() {}

    /** Loads what the target needs by its seeds: the first input is as bounded as the last. */
    public static void fuzzerInitialize(String[] arguments) throws Exception {
        FuzzTargets named = FuzzTargets.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        for (byte[] seed : named.seeds()) {
            named.target().run(seed);
        }
        chosen = Optional.of(named.target());
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        chosen.orElseThrow().run(input);
    }
}
