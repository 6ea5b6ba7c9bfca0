package dev.shiplog.cli;

import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Runtimes;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code shiplog image}: images of the process runtime, which has no Docker to keep them. */
@Command(
        name = "image",
        mixinStandardHelpOptions = true,
        description = "Look after the images of the process runtime.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ImageCommand.Import.class)
final class ImageCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command, found none");
    }

    /** {@code shiplog image import FILE|DIR NAME}. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description =
                    "Import an image: a docker-save or OCI archive, an OCI layout, or a root file system.")
    static final class Import implements Callable<Integer> {
        @Mixin private final ProfileOption profile = new ProfileOption();

        @Parameters(index = "0", paramLabel = "FILE|DIR")
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private Path source;

        @Parameters(index = "1", paramLabel = "NAME", description = "Such as busybox:1.37.")
        private String name = "";

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            if (!Files.exists(source)) {
                throw new CommandFailure(
                        "expected an archive or a folder to import, found nothing at " + source);
            }
            Profile chosen = profile.profile();
            chosen.create();
            String id = Runtimes.images(chosen).importTar(source, name).id();
            spec.commandLine().getOut().println("Imported " + name + " (" + id + ")");
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}
