package dev.shiplog.boot;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Objects;

/** Says why a server was not reached, where the JDK's client throws without a word. */
public final class Unreachable {
    private Unreachable() {}

    /** The reason in words. */
    public static String said(IOException failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof UnresolvedAddressException) {
                return "no address is known for its name";
            }
        }
        String otherwise =
                failure instanceof ConnectException
                        ? "nothing there takes the connection"
                        : failure.getClass().getSimpleName();
        return Objects.requireNonNullElse(failure.getMessage(), otherwise);
    }
}
