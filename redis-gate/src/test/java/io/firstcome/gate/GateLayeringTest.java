package io.firstcome.gate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import org.junit.jupiter.api.Test;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

class GateLayeringTest {

    private static final String GATE = "io.firstcome.gate";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(GATE);

    @Test
    void shouldNotDependOnHttp() {
        noClasses().should().dependOnClassesThat(
                resideInAnyPackage("io.javalin..", "io.firstcome.kit.http..",
                        "io.firstcome.kit.server..", "java.net.http.."))
                .check(CLASSES);
    }

    @Test
    void shouldNotDependOnTheReadModelOrTheIngress() {
        noClasses().should().dependOnClassesThat(
                resideInAnyPackage("io.firstcome.readmodel..", "io.firstcome.ingress..")).check(CLASSES);
    }

    @Test
    void shouldNotUseKafkaInAdmission() {
        noClasses().that().resideInAnyPackage(GATE + ".admission..", GATE + ".redis..").should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..")).check(CLASSES);
    }

    @Test
    void shouldHaveNoCyclesAmongFeatures() {
        slices().matching(GATE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
