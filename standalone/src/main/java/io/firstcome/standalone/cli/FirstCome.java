package io.firstcome.standalone.cli;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.embedded.process.ServerStartFailure;
import io.firstcome.kit.service.BuildVersion;
import io.firstcome.kit.service.ServiceMain;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.standalone.cli.check.CheckCommand;
import io.firstcome.standalone.cli.operate.ClaimCommand;
import io.firstcome.standalone.cli.operate.CouponCommandLine;
import io.firstcome.standalone.cli.operate.StatusCommand;
import io.firstcome.standalone.cli.repair.DlqCommand;
import io.firstcome.standalone.cli.repair.RebuildDatabaseCommand;
import io.firstcome.standalone.cli.run.DemoCommand;
import io.firstcome.standalone.cli.run.RunCommand;
import io.firstcome.standalone.cli.run.UpCommand;
import io.firstcome.standalone.cli.terminal.CommandFailure;
import io.firstcome.standalone.cli.terminal.ExitCode;
import io.firstcome.standalone.plan.PlanCommand;
import io.firstcome.standalone.stack.StartCancelled;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/**
 * The command line. The list of {@code subcommands} is the only place that names the commands: help and completion come
 * from it. The exit codes are those of {@link ExitCode}.
 */
@Command(name = "firstcome", description = "First-come, first-served coupons that never oversell.",
        mixinStandardHelpOptions = true, sortOptions = false, subcommands = {
            UpCommand.class, DemoCommand.class, StatusCommand.class, CouponCommandLine.class, ClaimCommand.class,
            CheckCommand.class, DlqCommand.class, RebuildDatabaseCommand.class, RunCommand.class, PlanCommand.class,
            BenchCommand.class,
            CompletionCommand.class, HelpCommand.class},
        footer = "%nExit codes: 0 yes or done, 1 no or violated, 2 wrong arguments or no answer, 3 not known.")
public final class FirstCome {

    private FirstCome() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        try {
            return commandLine().execute(arguments.length == 0 ? new String[]{"--help"} : arguments);
        } catch (Error e) {
            // The exit code of the JVM would be 1, which means "no".
            e.printStackTrace();
            return ExitCode.UNKNOWN;
        }
    }

    /** All commands with their options. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new FirstCome());
        commandLine.getCommandSpec().version("firstcome " + BuildVersion.current().text());
        return commandLine.setParameterExceptionHandler(FirstCome::badArguments)
                .setExecutionExceptionHandler(FirstCome::failed).setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(CouponId.class, id(CouponId::new))
                .registerConverter(UserId.class, id(UserId::new))
                .registerConverter(RequestId.class, id(RequestId::new));
    }

    private static <T> ITypeConverter<T> id(Function<String, T> constructor) {
        return text -> {
            try {
                return constructor.apply(text);
            } catch (ContractViolation e) {
                throw new TypeConversionException("'" + text + "' is not valid: " + e.getMessage());
            }
        };
    }

    private static int badArguments(CommandLine.ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        String message = e.getMessage().lines().findFirst().orElse("bad arguments " + Arrays.toString(arguments));
        List<String> similar = e instanceof CommandLine.UnmatchedArgumentException unmatched
                ? unmatched.getSuggestions()
                : List.of();
        command.getErr().println("firstcome: " + message
                + (similar.isEmpty() ? "" : ", perhaps " + similar.getFirst()) + ". See ./"
                + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.CANNOT;
    }

    private static int failed(Exception e, CommandLine command, ParseResult arguments) {
        return switch (e) {
            case StartFailure failure -> fail(command, failure.getMessage(), ExitCode.CANNOT);
            case ServerStartFailure failure -> fail(command, failure.getMessage(), ExitCode.CANNOT);
            case CommandFailure failure -> fail(command, failure.getMessage(), failure.exitCode());
            case StartCancelled _ -> ExitCode.INTERRUPTED;
            default -> {
                e.printStackTrace(command.getErr());
                yield ExitCode.UNKNOWN;
            }
        };
    }

    private static int fail(CommandLine command, String message, int exitCode) {
        command.getErr().println("firstcome: " + message);
        return exitCode;
    }
}
