package dev.shiplog.cli;

import dev.shiplog.boot.Logging;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;
import java.util.logging.Level;

/** The {@code shiplog} command. */
@Command(
        name = "shiplog",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "A container orchestrator: Git is the source of truth, an event log is the state.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        subcommands = {
            DemoCommand.class,
            StartCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            StopCommand.class,
            DeleteCommand.class,
            ProfileCommand.class,
            ConfigCommand.class,
            ServiceCommand.class,
            DashboardCommand.class,
            CloneCommand.class,
            LogCommand.class,
            StateCommand.class,
            DiffCommand.class,
            WhyCommand.class,
            ReplayCommand.class,
            RollbackCommand.class,
            SealCommand.class,
            TokenCommand.class,
            NodeCommand.class,
            ImageCommand.class,
            ServerCommand.class,
            TrainCommand.class,
            CompletionCommand.class,
            HelpCommand.class
        })
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command, found none");
    }

    /**
     * The command line, configured; apart from {@link #main} so that tests and completion see the
     * same one.
     */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((failure, command, _) -> {
            if (failure instanceof CommandFailure
                    || failure instanceof IllegalArgumentException
                    || failure instanceof dev.shiplog.journal.JournalFailure) {
                command.getErr().println("shiplog: " + failure.getMessage());
            } else {
                command.getErr()
                        .println("shiplog: this should not have happened; please report it:");
                failure.printStackTrace(command.getErr());
            }
            return 1;
        });
        // The whole usage would push what is wrong off the screen.
        line.setParameterExceptionHandler((wrong, _) -> {
            CommandLine command = wrong.getCommandLine();
            PrintWriter err = command.getErr();
            if (!(wrong instanceof UnmatchedArgumentException)
                    && !command.getSubcommands().isEmpty()) {
                command.usage(err);
                err.println();
            }
            err.println("shiplog: " + wrong.getMessage());
            UnmatchedArgumentException.printSuggestions(wrong, err);
            err.println(
                    "\""
                            + command.getCommandSpec().qualifiedName()
                            + " --help\" says what there is.");
            err.flush();
            return command.getCommandSpec().exitCodeOnInvalidInput();
        });
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    public static void main(String[] arguments) {
        Logging.configure(Level.WARNING);
        System.exit(commandLine().execute(arguments));
    }
}
