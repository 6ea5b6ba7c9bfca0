package dev.shiplog.cli;

import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Settings;
import dev.shiplog.boot.SettingsFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a start was told, kept for the next one; taken back if nothing came of this one. */
final class SettingsChange {
    private final Profile profile;
    private final Optional<Settings> before;

    private SettingsChange(Profile profile, Optional<Settings> before) {
        this.profile = profile;
        this.before = before;
    }

    static SettingsChange write(Profile profile, Settings settings) throws IOException {
        Path file = profile.settings();
        Optional<Settings> before =
                Files.exists(file) ? Optional.of(SettingsFile.read(file)) : Optional.empty();
        SettingsFile.write(settings, file);
        return new SettingsChange(profile, before);
    }

    /** The server was refused: what it was told must not be what the next start is refused for. */
    void takeBack() {
        try {
            if (before.isPresent()) {
                SettingsFile.write(before.get(), profile.settings());
            } else if (!profile.exists()) {
                Files.deleteIfExists(profile.settings());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "what this start was told is still in " + profile.settings(), e);
        }
    }
}
