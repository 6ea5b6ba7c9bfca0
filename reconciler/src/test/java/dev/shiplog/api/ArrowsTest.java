package dev.shiplog.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;

class ArrowsTest {
    private static final JavaClasses API =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.shiplog.api");

    @Test
    void onlyOnePackageKnowsTheHttpLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.shiplog.api.http")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.helidon..")
                .check(API);
    }

    @Test
    void onlyOnePackageKnowsTheCertificateLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.shiplog.api.tls")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bouncycastle..")
                .check(API);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.shiplog.api.(*)").should().beFreeOfCycles().check(API);
        noClasses()
                .that()
                .resideInAPackage("dev.shiplog.api")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.shiplog.api.*")
                .check(API);
    }
}
