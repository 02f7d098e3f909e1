package io.firstcome.readmodel;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import org.junit.jupiter.api.Test;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import io.firstcome.kit.kafka.KafkaClients;

class LayeringTest {

    private static final String HERE = "io.firstcome.readmodel";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(HERE);

    @Test
    void shouldNotKnowHttpRedisTheGateOrTheIngress() {
        noClasses().should().dependOnClassesThat(resideInAnyPackage("io.javalin..", "org.eclipse.jetty..",
                "jakarta.servlet..", "io.firstcome.kit.http..", "io.firstcome.kit.server..", "redis.clients..",
                "io.firstcome.gate..", "io.firstcome.ingress..")).check(CLASSES);
    }

    @Test
    void shouldUseKafkaOnlyToReadTopics() {
        noClasses().that().resideOutsideOfPackage(HERE + ".tail").should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..")).check(CLASSES);
        noClasses().that().resideOutsideOfPackage(HERE + ".tail").and().areNotAssignableTo(ReadModel.class).should()
                .dependOnClassesThat(type(KafkaClients.class)).check(CLASSES);
    }

    @Test
    void shouldKeepRequestsAndCouponsApartFromReading() {
        noClasses().that().resideInAnyPackage(HERE + ".requests", HERE + ".coupons").should()
                .dependOnClassesThat(resideInAnyPackage(HERE + "..").and(not(resideInAnyPackage(HERE + ".requests",
                        HERE + ".coupons", "java.."))))
                .check(CLASSES);
        slices().matching(HERE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
