package io.firstcome.processor.issuance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import java.time.Clock;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

class IssuancePurityTest {

    private static final JavaClasses ISSUANCE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackagesOf(IssuancePolicy.class);

    @Test
    void shouldDependOnlyOnContractAndJdkValues() {
        classes().should().onlyDependOnClassesThat()
                .resideInAnyPackage("java.lang..", "java.util", "java.util.function", "java.time",
                        "io.firstcome.contract", "io.firstcome.contract.id", "io.firstcome.processor.issuance")
                .check(ISSUANCE);
    }

    @Test
    void shouldNotReadAClock() {
        noClasses().should().dependOnClassesThat().areAssignableTo(Clock.class)
                .orShould().callMethod(Instant.class, "now")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(System.class, "nanoTime")
                .check(ISSUANCE);
    }
}
