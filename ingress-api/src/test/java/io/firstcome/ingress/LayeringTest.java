package io.firstcome.ingress;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import org.junit.jupiter.api.Test;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

class LayeringTest {

    private static final String INGRESS = "io.firstcome.ingress";

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

    /** No claim passes the console, and only the wiring knows it. */
    @Test
    void shouldKeepTheConsoleApart() {
        noClasses().that().resideOutsideOfPackages(INGRESS, INGRESS + ".console").should()
                .dependOnClassesThat(resideInAPackage(INGRESS + ".console")).check(CLASSES);
        noClasses().that().resideInAPackage(INGRESS + ".console").should()
                .dependOnClassesThat(resideInAnyPackage(INGRESS + ".claims", INGRESS + ".publishing",
                        INGRESS + ".limits", INGRESS + ".identity", INGRESS + ".commands", INGRESS + ".admin",
                        "io.firstcome.gate.admission", "io.firstcome.gate.redis"))
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
}
