package io.firstcome.ingress;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import org.junit.jupiter.api.Test;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

class LayeringTest {

    private static final String HERE = "io.firstcome.ingress";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(HERE);

    @Test
    void shouldLeaveRedisToTheGateAndItsProjector() {
        noClasses().that().resideOutsideOfPackages(HERE + ".admission", HERE + ".projection").should()
                .dependOnClassesThat(resideInAnyPackage("redis.clients..")).check(classes);
    }

    @Test
    void shouldLeaveKafkaClientsToThoseWhoReadAndWriteTheLog() {
        noClasses().that().resideOutsideOfPackages(HERE + ".kafka", HERE + ".publishing", HERE + ".projection")
                .should().dependOnClassesThat(resideInAnyPackage("org.apache.kafka..")).check(classes);
    }

    @Test
    void shouldLeaveTokensToIdentity() {
        noClasses().that().resideOutsideOfPackages(HERE + ".identity").should()
                .dependOnClassesThat(resideInAnyPackage("com.nimbusds..")).check(classes);
    }

    @Test
    void shouldKeepHttpOutOfWhatTheAnswersAreMadeFrom() {
        noClasses().that()
                .resideInAnyPackage(HERE + ".admission", HERE + ".kafka", HERE + ".registry", HERE + ".verdict",
                        HERE + ".publishing", HERE + ".projection")
                .should().dependOnClassesThat(resideInAnyPackage("io.javalin..", "io.firstcome.kit.http.."))
                .check(classes);
    }

    @Test
    void shouldHaveNoCyclesAmongFeatures() {
        slices().matching(HERE + ".(*)..").should().beFreeOfCycles().check(classes);
    }
}
