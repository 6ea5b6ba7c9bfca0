package dev.shiplog.cli;

import dev.shiplog.boot.HeapGrowth;
import dev.shiplog.boot.Logging;
import dev.shiplog.boot.NativeCrypto;
import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Server;
import dev.shiplog.boot.Settings;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;
import java.util.logging.Level;

/**
 * {@code shiplog server}: the cluster in the foreground, for a service manager; {@code start} runs
 * it in the background.
 */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description =
                "Run control plane and node in the foreground until told to end, as a service manager wants it.")
final class ServerCommand implements Callable<Integer> {
    @Mixin private final ProfileOption profile = new ProfileOption();

    @Mixin private final StartOptions options = new StartOptions();

    @Override
    public Integer call() throws Exception {
        Logging.configure(Level.INFO);
        NativeCrypto.prefer();
        Profile chosen = profile.profile();
        chosen.create();
        Settings settings = options.settings(chosen);
        SettingsChange change = SettingsChange.write(chosen, settings);
        try (Server server = started(chosen, settings, change);
                HeapGrowth _ = HeapGrowth.watch()) {
            return server.awaitEnd();
        }
    }

    private static Server started(Profile profile, Settings settings, SettingsChange change)
            throws Exception {
        boolean started = false;
        try {
            Server server = Server.start(profile, settings);
            started = true;
            return server;
        } finally {
            if (!started) {
                change.takeBack();
            }
        }
    }
}
