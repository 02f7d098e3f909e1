package io.firstcome.system;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of commands in a Markdown document. The comment before it says who runs it: {@code <!-- run -->} for
 * {@link DocumentCommandsTest}, {@code <!-- run by FILE -->} for a file of the repository, such as {@code .ci/run}.
 *
 * @param runner what the comment names: {@code this test}, a file, or an empty text without a comment
 * @param language {@code sh}: each line is a command; {@code console}: commands begin with a {@code $}, and their
 *     output follows
 */
record CommandBlock(String runner, String language, String text) {

    static final String THIS_TEST = "this test";

    private static final Pattern BLOCK = Pattern
            .compile("(?m)^(?:<!-- run(?: by (\\S+))? -->\\n)?```(sh|console)\\n((?s:.*?))^```$");
    private static final Pattern MARKED = Pattern.compile("<!-- run");
    private static final String PROMPT = "$ ";
    private static final String INTERRUPT = "^C";

    /**
     * A command with its expected output.
     *
     * @param isInterrupted whether the document shows that the reader ends the command by Ctrl-C
     */
    record Command(String text, List<String> output, boolean isInterrupted) {

        /** A command that changes nothing may be repeated until its answer shows what was written before. */
        boolean isQuery() {
            return text.startsWith("curl") && !text.matches("(?s).* (--json|-d|-X) .*")
                    || text.matches("(?s)\\./firstcome (status|check)\\b.*");
        }
    }

    /** All blocks of {@code sh} and {@code console} in a document. */
    static List<CommandBlock> of(String document) {
        List<CommandBlock> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(document);
        while (matcher.find()) {
            boolean isMarked = MARKED.matcher(matcher.group()).lookingAt();
            String runner = !isMarked ? "" : matcher.group(1) == null ? THIS_TEST : matcher.group(1);
            blocks.add(new CommandBlock(runner, matcher.group(2), matcher.group(3)));
        }
        return blocks;
    }

    List<Command> commands() {
        List<Command> commands = new ArrayList<>();
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        for (int i = 0; i < lines.size();) {
            StringBuilder command = new StringBuilder(lines.get(i++));
            while (command.toString().endsWith("\\")) {
                command.append('\n').append(lines.get(i++));
            }
            List<String> output = new ArrayList<>();
            while (language.equals("console") && i < lines.size() && !lines.get(i).startsWith(PROMPT)) {
                output.add(lines.get(i++));
            }
            boolean isInterrupted = output.remove(INTERRUPT);
            commands.add(new Command(withoutPrompt(command.toString()), output, isInterrupted));
        }
        return commands;
    }

    private String withoutPrompt(String line) {
        if (language.equals("sh")) {
            return line;
        }
        if (!line.startsWith(PROMPT)) {
            throw new IllegalArgumentException("a console block begins with a command after '$ ': " + line);
        }
        return line.substring(PROMPT.length());
    }
}
