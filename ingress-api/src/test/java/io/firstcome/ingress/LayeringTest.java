package io.firstcome.ingress;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

class LayeringTest {

    private static final String INGRESS = "io.firstcome.ingress";
    private static final int MAX_FILES = 10;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(INGRESS);

    @Test
    void shouldNotUseRedisClients() {
        noClasses().should().dependOnClassesThat(resideInAnyPackage("redis.clients..")).check(CLASSES);
    }

    @Test
    void shouldUseKafkaClientsOnlyToPublish() {
        noClasses().that(not(resideInAPackage(INGRESS + ".publishing"))).should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..")).check(CLASSES);
    }

    @Test
    void shouldUseTheJwtLibraryOnlyInIdentity() {
        noClasses().that(not(resideInAPackage(INGRESS + ".identity"))).should()
                .dependOnClassesThat(resideInAnyPackage("com.nimbusds..")).check(CLASSES);
    }

    @Test
    void shouldNotUseHttpInThePublisher() {
        noClasses().that(resideInAPackage(INGRESS + ".publishing")).should()
                .dependOnClassesThat(resideInAnyPackage("io.javalin..", "io.firstcome.kit.http..",
                        "io.firstcome.kit.server.."))
                .check(CLASSES);
    }

    @Test
    void shouldHaveNoCyclesAmongPackages() {
        slices().matching(INGRESS + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldHaveNoCyclesAmongThePackagesOfTheKit() {
        // given
        JavaClasses kit = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.firstcome.kit");

        // then
        slices().matching("io.firstcome.kit.(*)..").should().beFreeOfCycles().check(kit);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingress-api", "read-model", "redis-gate", "service-kit"})
    void shouldHaveNoPackageOfMoreThanTenFiles(String module) throws IOException {
        // when
        Map<Path, Long> filesByPackage;
        try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
            filesByPackage = files.filter(LayeringTest::declaresTypes)
                    .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
        }

        // then
        assertThat(filesByPackage).isNotEmpty()
                .allSatisfy((_, count) -> assertThat(count).isLessThanOrEqualTo(MAX_FILES));
    }

    private static boolean declaresTypes(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".java") && !name.equals("package-info.java");
    }
}
