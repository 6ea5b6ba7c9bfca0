package dev.shiplog;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import dev.shiplog.event.Event;
import dev.shiplog.state.ClusterState;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;

/** The arrows between the packages of this module. */
class ArchitectureTest {
    private static final String[] CORE = {
        "dev.shiplog.resource..",
        "dev.shiplog.event..",
        "dev.shiplog.command..",
        "dev.shiplog.state..",
        "dev.shiplog.decide.."
    };

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.shiplog");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.shiplog.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theCoreTouchesNoOutsideWorld() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat(outsideWorld())
                .because("decisions and folds are pure: time and ids are parameters")
                .check(CLASSES);
    }

    @Test
    void theCoreAsksNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .check(CLASSES);
    }

    @Test
    void onlyTheAdapterKnowsAxon() {
        onlyIn("dev.shiplog.journal.axon..", "org.axonframework..");
    }

    @Test
    void onlyTheSqliteEngineKnowsSql() {
        onlyIn("dev.shiplog.journal.sqlite..", "java.sql..");
        onlyIn("dev.shiplog.journal.sqlite..", "org.sqlite..");
    }

    @Test
    void enginesAndAdaptersAreNamedByNobody() {
        onlyIn("dev.shiplog.journal.sqlite..", "dev.shiplog.journal.sqlite..");
        onlyIn("dev.shiplog.journal.axon..", "dev.shiplog.journal.axon..");
    }

    @Test
    void onlyDecideMakesEvents() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.shiplog.decide..", "dev.shiplog.event..")
                .should()
                .callConstructorWhere(target(owner(implementing(Event.class))))
                .because("an event is made by a decision, or read from the log")
                .check(CLASSES);
    }

    @Test
    void onlyStateBuildsState() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.shiplog.state..")
                .should()
                .callConstructorWhere(target(owner(named(ClusterState.class))))
                .check(CLASSES);
    }

    private static void onlyIn(String here, String library) {
        noClasses()
                .that()
                .resideOutsideOfPackage(here)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> outsideWorld() {
        return DescribedPredicate.describe(
                "reach files, the network, threads or a clock",
                type ->
                        (type.getPackageName().startsWith("java.io")
                                        && !type.getSimpleName().endsWith("Exception")
                                        && !type.getSimpleName().equals("Serializable"))
                                || type.getPackageName().startsWith("java.net")
                                || type.getPackageName().startsWith("java.nio.file")
                                || type.getPackageName().startsWith("java.nio.channels")
                                || (type.getPackageName().startsWith("java.util.concurrent")
                                        // A memo of pure results is no thread.
                                        && !type.isEquivalentTo(ConcurrentHashMap.class))
                                || type.isEquivalentTo(Thread.class)
                                || type.isEquivalentTo(Clock.class));
    }

    private static DescribedPredicate<JavaClass> implementing(Class<?> type) {
        return DescribedPredicate.describe(
                "implements " + type.getSimpleName(), found -> found.isAssignableTo(type));
    }

    private static DescribedPredicate<JavaClass> named(Class<?> type) {
        return DescribedPredicate.describe(
                "is " + type.getSimpleName(), found -> found.isEquivalentTo(type));
    }

    @Test
    void nobodyAsksAnObjectOfTheModelForItsBuilder() {
        ModelRules.NOBODY_ASKS_FOR_A_BUILDER.check(CLASSES);
    }
}
