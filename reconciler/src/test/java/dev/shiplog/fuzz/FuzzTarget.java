package dev.shiplog.fuzz;

import java.util.Arrays;

/**
 * What Jazzer calls: all targets in one process, since a JVM that Jazzer watches takes longer to
 * start than a build looks. The first byte of an input says which target the rest is for.
 */
public final class FuzzTarget {
    private static final FuzzTargets[] TARGETS = FuzzTargets.values();

    private FuzzTarget() {}

    /** Loads what the targets need by their seeds: the first input is as bounded as the last. */
    public static void fuzzerInitialize() throws Exception {
        for (FuzzTargets target : TARGETS) {
            for (byte[] seed : target.seeds()) {
                target.target().run(seed);
            }
        }
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length > 0) {
            chosenBy(input).target().run(rest(input));
        }
    }

    /** The input of Jazzer's for one of a target's. */
    static byte[] input(FuzzTargets target, byte[] rest) {
        byte[] input = new byte[rest.length + 1];
        input[0] = (byte) target.ordinal();
        System.arraycopy(rest, 0, input, 1, rest.length);
        return input;
    }

    /** Which target an input that is not empty is for. */
    static FuzzTargets chosenBy(byte[] input) {
        return TARGETS[Byte.toUnsignedInt(input[0]) % TARGETS.length];
    }

    /** What the target gets of an input that is not empty. */
    static byte[] rest(byte[] input) {
        return Arrays.copyOfRange(input, 1, input.length);
    }
}
