package dev.shiplog.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import dev.shiplog.ModelRules;

import org.junit.jupiter.api.Test;

/** The arrows between this module's packages, and who may know which library. */
class NodeArchitectureTest {
    private static final String DOCKER = "dev.shiplog.node.runtime.docker";
    private static final String IMAGE = "dev.shiplog.node.image..";
    private static final String SIMULATED = "dev.shiplog.node.runtime.simulated";

    private static final JavaClasses MODULE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.shiplog.node");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.shiplog.node.(**)").should().beFreeOfCycles().check(MODULE);
    }

    @Test
    void onlyTheDockerRuntimeKnowsDockerJava() {
        noClasses()
                .that()
                .resideOutsideOfPackage(DOCKER)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.github.dockerjava..")
                .check(MODULE);
    }

    @Test
    void onlyImagesKnowJib() {
        noClasses()
                .that()
                .resideOutsideOfPackage(IMAGE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.cloud.tools.jib..")
                .check(MODULE);
    }

    @Test
    void thePortKnowsNoneOfItsPlugIns() {
        noClasses()
                .that()
                .resideInAPackage("dev.shiplog.node.runtime")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.shiplog.node.runtime.(*)..")
                .check(MODULE);
    }

    @Test
    void plugInsDoNotKnowEachOther() {
        slices().matching("dev.shiplog.node.runtime.(*)..")
                .namingSlices("runtime $1")
                .should()
                .notDependOnEachOther()
                .check(MODULE);
    }

    @Test
    void theSimulationStartsNoThreadAndReadsNoFile() {
        classes()
                .that()
                .resideInAPackage(SIMULATED)
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages("java.nio.file..", "java.net..")
                .check(MODULE);
        noClasses()
                .that()
                .resideInAPackage(SIMULATED)
                .should()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .callMethod(Thread.class, "ofVirtual")
                .orShould()
                .callMethod(Thread.class, "startVirtualThread", Runnable.class)
                .check(MODULE);
    }

    @Test
    void nobodyAsksAnObjectOfTheModelForItsBuilder() {
        ModelRules.NOBODY_ASKS_FOR_A_BUILDER.check(MODULE);
    }
}
