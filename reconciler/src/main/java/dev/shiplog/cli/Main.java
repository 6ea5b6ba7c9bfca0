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
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Level;

/** The {@code shiplog} command. */
@Command(
        name = "shiplog",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "A container orchestrator: Git is the source of truth, an event log is the state.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n")
public final class Main implements Runnable {
    /** By name, in the order of the help. */
    private static final Map<String, Class<?>> SUBCOMMANDS = subcommands();

    private static final Set<Class<?>> ABOUT_ALL =
            Set.of(CompletionCommand.class, HelpCommand.class);

    private static final Set<String> NEED_NONE = Set.of("--version", "-V");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command, found none");
    }

    private static Map<String, Class<?>> subcommands() {
        Map<String, Class<?>> all = new LinkedHashMap<>();
        all.put("demo", DemoCommand.class);
        all.put("start", StartCommand.class);
        all.put("status", StatusCommand.class);
        all.put("logs", LogsCommand.class);
        all.put("stop", StopCommand.class);
        all.put("delete", DeleteCommand.class);
        all.put("profile", ProfileCommand.class);
        all.put("config", ConfigCommand.class);
        all.put("service", ServiceCommand.class);
        all.put("dashboard", DashboardCommand.class);
        all.put("clone", CloneCommand.class);
        all.put("log", LogCommand.class);
        all.put("state", StateCommand.class);
        all.put("diff", DiffCommand.class);
        all.put("why", WhyCommand.class);
        all.put("replay", ReplayCommand.class);
        all.put("rollback", RollbackCommand.class);
        all.put("seal", SealCommand.class);
        all.put("token", TokenCommand.class);
        all.put("node", NodeCommand.class);
        all.put("image", ImageCommand.class);
        all.put("server", ServerCommand.class);
        all.put("train", TrainCommand.class);
        all.put("completion", CompletionCommand.class);
        all.put("help", HelpCommand.class);
        return Collections.unmodifiableMap(all);
    }

    /**
     * The command line for these arguments: with the one command that they name, since describing
     * all of them takes longer than most take to run; with all where they name none.
     */
    static CommandLine commandLine(String[] arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        if (NEED_NONE.contains(first)) {
            return commandLine(Map.of());
        }
        Class<?> command = SUBCOMMANDS.get(first);
        return command == null || ABOUT_ALL.contains(command)
                ? commandLine()
                : commandLine(Map.of(first, command));
    }

    /**
     * The command line, configured; apart from {@link #main} so that tests and completion see the
     * same one.
     */
    static CommandLine commandLine() {
        return commandLine(SUBCOMMANDS);
    }

    private static CommandLine commandLine(Map<String, Class<?>> subcommands) {
        CommandLine line = new CommandLine(new Main());
        subcommands.forEach(line::addSubcommand);
        line.setExecutionExceptionHandler((failure, command, _) -> {
            if (failure instanceof CommandFailure
                    || failure instanceof IllegalArgumentException
                    || failure instanceof dev.shiplog.journal.JournalFailure) {
                command.getErr().println("shiplog: " + failure.getMessage());
            } else if (failure instanceof FileSystemException file) {
                command.getErr().println("shiplog: " + said(file));
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
                    && !command.getSubcommands().isEmpty()
                    && !command.getParseResult().hasSubcommand()) {
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

    /** What is wrong with a file; the exceptions of most troubles say its name and no more. */
    private static String said(FileSystemException trouble) {
        String what =
                switch (trouble) {
                    case NoSuchFileException _ -> "there is no such file";
                    case AccessDeniedException _ -> "permission denied";
                    case FileAlreadyExistsException _ -> "it is there already";
                    default -> Objects.requireNonNullElse(trouble.getReason(), "it cannot be used");
                };
        return trouble.getFile() + ": " + what;
    }

    public static void main(String[] arguments) {
        Logging.configure(Level.WARNING);
        System.exit(commandLine(arguments).execute(arguments));
    }
}
