package io.firstcome.standalone.cli;

import java.util.concurrent.Callable;

import io.firstcome.standalone.cli.terminal.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands and options in a shell. It is generated from the commands. */
@Command(name = "completion", mixinStandardHelpOptions = true, sortOptions = false,
        header = "Print a script that completes commands and options.",
        description = "To use it in this shell: source <(./firstcome completion bash)")
final class CompletionCommand implements Callable<Integer> {

    /** One script serves both: zsh runs it with its emulation of bash's completion. */
    private enum Shell {
        bash, zsh
    }

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
    private Shell shell;

    @Override
    public Integer call() {
        System.out.print(AutoComplete.bash("firstcome", spec.root().commandLine()));
        return ExitCode.OK;
    }
}
