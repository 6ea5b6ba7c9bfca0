package dev.shiplog.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import dev.shiplog.ModelRules;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Random;
import java.util.UUID;

/** The arrows between the packages of this module. */
class ReconcilerArrowsTest {
    private static final String[] PURE = {
        "dev.shiplog.controller..", "dev.shiplog.scheduler..", "dev.shiplog.status.."
    };

    private static JavaClasses classes = new ClassFileImporter().importClasses();

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter().importPath(Path.of("target", "classes"));
    }

    @Test
    void whatThinksKnowsNoInputAndOutputClocksThreadsOrChance() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "org.slf4j..",
                        "dev.shiplog.ledger..",
                        "dev.shiplog.loop..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .because("the same input must give the same output")
                .check(classes);
    }

    @Test
    void noPackageNeedsOneThatNeedsIt() {
        slices().matching("dev.shiplog.(*)..").should().beFreeOfCycles().check(classes);
        slices().matching("dev.shiplog.controller.(*)..").should().beFreeOfCycles().check(classes);
    }

    @ParameterizedTest(name = "{0} only in {1}")
    @CsvSource({
        "org.eclipse.jgit.., dev.shiplog.source.jgit..",
        "io.helidon.., dev.shiplog.api..",
        "io.netty.., dev.shiplog.api.proxy..;dev.shiplog.api.stream..",
        "picocli.., dev.shiplog.boot..;dev.shiplog.cli..",
        "org.quartz.., dev.shiplog.loop..;dev.shiplog.source..",
        "dev.shiplog.node.., dev.shiplog.boot..;dev.shiplog.cli..;dev.shiplog.link..",
        "dev.shiplog.loop.., dev.shiplog.boot..;dev.shiplog.cli..;dev.shiplog.loop..",
    })
    void onlyAdaptersImportWhatTheyAdapt(String library, String adapters) {
        noClasses()
                .that()
                .resideOutsideOfPackages(adapters.split(";", -1))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library)
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void nobodyAsksAnObjectOfTheModelForItsBuilder() {
        ModelRules.NOBODY_ASKS_FOR_A_BUILDER.check(classes);
    }
}
