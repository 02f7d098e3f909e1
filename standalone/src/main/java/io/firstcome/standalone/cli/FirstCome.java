package io.firstcome.standalone.cli;

import java.util.Arrays;

import io.firstcome.embedded.process.ServerStartFailure;
import io.firstcome.kit.service.BuildVersion;
import io.firstcome.kit.service.ServiceMain;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.standalone.plan.PlanCommand;
import io.firstcome.standalone.stack.StartCancelled;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParseResult;

/**
 * The command line. Exit codes: 0 success, 1 a guarantee failed, 2 the start failed for the reason printed in one line.
 */
@Command(name = "firstcome", description = "First-come, first-served coupons that never oversell.",
        mixinStandardHelpOptions = true, sortOptions = false, subcommands = {
            UpCommand.class, DemoCommand.class, DlqCommand.class, RebuildDatabaseCommand.class, PlanCommand.class,
            HelpCommand.class},
        footer = "%nThe script also has ./firstcome bench: measure this system side by side with others (bench --help).")
public final class FirstCome {

    /** The exit code of shells after Ctrl-C: 128 plus the number of SIGINT. */
    private static final int INTERRUPTED = 130;

    private FirstCome() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        CommandLine commandLine = new CommandLine(new FirstCome());
        commandLine.getCommandSpec().version("firstcome " + BuildVersion.current().text());
        return commandLine.setParameterExceptionHandler(FirstCome::badArguments)
                .setExecutionExceptionHandler(FirstCome::failed).setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments.length == 0 ? new String[]{"--help"} : arguments);
    }

    private static int badArguments(CommandLine.ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        String message = e.getMessage().lines().findFirst().orElse("bad arguments " + Arrays.toString(arguments));
        command.getErr().println("firstcome: " + message + ". See ./" + command.getCommandSpec().qualifiedName()
                + " --help");
        return ServiceMain.CANNOT_START;
    }

    private static int failed(Exception e, CommandLine command, ParseResult arguments) throws Exception {
        if (e instanceof StartFailure || e instanceof ServerStartFailure) {
            command.getErr().println("firstcome: " + e.getMessage());
            return ServiceMain.CANNOT_START;
        }
        if (e instanceof StartCancelled) {
            return INTERRUPTED;
        }
        throw e;
    }
}
