package io.bytelm.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What this module may touch, and which of its packages. */
@AnalyzeClasses(packages = "io.bytelm", importOptions = ImportOption.DoNotIncludeTests.class)
class JobArchitectureTest {
    @ArchTest
    static final ArchRule kafkaOnlyInItsPackage = noClasses()
            .that()
            .resideOutsideOfPackage("io.bytelm.job.kafka..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "kafka..", "org.apache.flink.connector.kafka..")
            .because("the topology, not the wire, is what the rest of the job is about");

    @ArchTest
    static final ArchRule noEngineInTheJob = noClasses()
            .that()
            .resideInAPackage("io.bytelm.job..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule commandLineOnlyInItsPackage = noClasses()
            .that()
            .resideOutsideOfPackages("io.bytelm.job.cli..", "io.bytelm.job.terminal..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule kafkaKnowsNoCommandLine = noClasses()
            .that()
            .resideInAPackage("io.bytelm.job.kafka..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.bytelm.job.cli..", "io.bytelm.job.terminal..", "io.bytelm.session..");

    @ArchTest
    static final ArchRule sqlOnlyInItsPackage = noClasses()
            .that()
            .resideOutsideOfPackage("io.bytelm.job.sql..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.flink.table..", "io.bytelm.job.sql..")
            .because("a cluster's jobs and the command line do without Flink's table API");

    @ArchTest
    static final ArchRule sqlKnowsNoKafka = noClasses()
            .that()
            .resideInAPackage("io.bytelm.job.sql..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.bytelm.job.kafka..", "io.bytelm.job.cli..", "io.bytelm.job.terminal..");

    @ArchTest
    static final ArchRule nothingKnowsTheJob = noClasses()
            .that()
            .resideOutsideOfPackage("io.bytelm.job..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.bytelm.job..");

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("io.bytelm.job.(*)..").should().beFreeOfCycles();
}
