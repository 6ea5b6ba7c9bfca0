package dev.shiplog.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The browser of whoever sits in front of this machine, if somebody does. */
final class Browser {
    /** What opens an address, each where there is a screen to open it on. */
    private static final List<String> OPENERS = List.of("xdg-open", "open", "wslview");

    private Browser() {}

    /** Opens an address; whether there was something to open it with. */
    static boolean open(String address) {
        Optional<String> opener = opener(System.getenv(), System.getProperty("os.name", ""));
        if (opener.isEmpty()) {
            return false;
        }
        try {
            new ProcessBuilder(opener.get(), address)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /**
     * The program that opens addresses. {@code BROWSER} names it, as other tools have it; else one
     * is looked for where there is a screen.
     */
    static Optional<String> opener(Map<String, String> environment, String system) {
        String told = environment.getOrDefault("BROWSER", "");
        if (!told.isEmpty()) {
            return Optional.of(told);
        }
        boolean screen =
                system.startsWith("Mac")
                        || environment.containsKey("DISPLAY")
                        || environment.containsKey("WAYLAND_DISPLAY")
                        || environment.containsKey("WSL_DISTRO_NAME");
        return screen
                ? OPENERS.stream().filter(name -> onPath(name, environment)).findFirst()
                : Optional.empty();
    }

    /** Whether a program is on the path. */
    static boolean onPath(String program, Map<String, String> environment) {
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
