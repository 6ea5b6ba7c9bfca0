package dev.shiplog.boot;

import java.util.Arrays;

/**
 * Runs another program of the benchmarks with the ciphers that a server has. Arguments: the class
 * with its {@code main}, and what that is told.
 */
final class AsServer {
    private AsServer() {}

    public static void main(String[] arguments) throws Exception {
        NativeCrypto.prefer();
        var main = Class.forName(arguments[0]).getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        main.invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
    }
}
