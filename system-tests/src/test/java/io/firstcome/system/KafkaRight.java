package io.firstcome.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** One right of the table in {@code docs/protection.md}. */
record KafkaRight(String user, ResourceType type, String name, AclOperation operation) {

    private static final Path PAGE = Path.of("..", "docs", "protection.md");
    private static final String ANY = "*";
    /** All rights of the table, whose rows are {@code | user | resource | name | operations |}. */
    static List<KafkaRight> documented() throws IOException {
        try (Stream<String> lines = Files.lines(PAGE)) {
            return lines.map(line -> line.split("\\s*\\|\\s*"))
                    .filter(cells -> cells.length == 5 && cells[2].matches("topic|group|transactional id"))
                    .flatMap(KafkaRight::ofRow).toList();
        }
    }

    private static Stream<KafkaRight> ofRow(String[] cells) {
        ResourceType type = ResourceType.valueOf(cells[2].toUpperCase(Locale.ROOT).replace(' ', '_'));
        return Arrays.stream(cells[4].split(",\\s*"))
                .map(operation -> new KafkaRight(unquoted(cells[1]), type, unquoted(cells[3]),
                        AclOperation.fromString(operation.replaceAll("(?<=.)(?=[A-Z])", "_"))));
    }

    private static String unquoted(String cell) {
        return cell.replace("`", "");
    }

    AclBinding binding() {
        boolean isPrefix = name.endsWith(ANY);
        return new AclBinding(
                new ResourcePattern(type, name.replace(ANY, ""), isPrefix ? PatternType.PREFIXED : PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    /** Whether this right was needed for what a user did. */
    boolean allowed(RecordingAuthorizer.Attempt attempt) {
        boolean isName = name.endsWith(ANY)
                ? attempt.name().startsWith(name.replace(ANY, ""))
                : attempt.name().equals(name);
        return isName && attempt.user().equals(user) && attempt.type() == type
                && attempt.operation() == operation;
    }
}
