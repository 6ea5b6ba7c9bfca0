package dev.shiplog.cli;

import picocli.CommandLine.IVersionProvider;

import java.util.Optional;

/** What {@code shiplog --version} says. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version =
                Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                        .orElse("development");
        return new String[] {"shiplog " + version + " on Java " + Runtime.version()};
    }
}
