package io.bytelm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The package directions: session, beam, service port and constraints, trie and model, vocabulary and distributions. */
@AnalyzeClasses(packages = "io.bytelm", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesDependDownwards = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.bytelm..")
            .layer("session")
            .definedBy("io.bytelm.session..")
            .layer("record")
            .definedBy("io.bytelm.record..")
            .optionalLayer("span")
            .definedBy("io.bytelm.span..")
            .layer("decode")
            .definedBy("io.bytelm.decode..")
            .layer("combine")
            .definedBy("io.bytelm.combine..")
            .layer("beam")
            .definedBy("io.bytelm.beam..")
            .layer("canonical")
            .definedBy("io.bytelm.canonical..")
            .layer("candidate")
            .definedBy("io.bytelm.candidate..")
            .optionalLayer("constraint")
            .definedBy("io.bytelm.constraint..")
            .layer("service")
            .definedBy("io.bytelm.service..")
            .layer("trie")
            .definedBy("io.bytelm.trie..")
            .layer("lm")
            .definedBy("io.bytelm.lm..")
            .layer("vocab")
            .definedBy("io.bytelm.vocab..")
            .layer("dist")
            .definedBy("io.bytelm.dist..")
            .whereLayer("session")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("record")
            .mayOnlyBeAccessedByLayers("session")
            .whereLayer("decode")
            .mayOnlyBeAccessedByLayers("session", "record")
            .whereLayer("candidate")
            .mayOnlyBeAccessedByLayers("session", "record")
            .whereLayer("combine")
            .mayOnlyBeAccessedByLayers("session", "record", "decode")
            .whereLayer("beam")
            .mayOnlyBeAccessedByLayers("session", "record", "decode", "combine", "canonical", "candidate")
            .whereLayer("canonical")
            .mayOnlyBeAccessedByLayers("session", "record", "decode", "combine", "candidate")
            .whereLayer("span")
            .mayOnlyBeAccessedByLayers("session", "record")
            .whereLayer("constraint")
            .mayOnlyBeAccessedByLayers("session", "record", "span", "decode")
            .whereLayer("service")
            .mayOnlyBeAccessedByLayers("session", "record", "beam", "canonical", "candidate")
            .whereLayer("trie")
            .mayOnlyBeAccessedByLayers("service")
            .whereLayer("lm")
            .mayOnlyBeAccessedByLayers("session", "record", "beam", "canonical", "service")
            .withOptionalLayers(true);

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("io.bytelm.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule flinkOnlyInSessionAndRecord = noClasses()
            .that()
            .resideOutsideOfPackages("io.bytelm.session..", "io.bytelm.record..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule djlOnlyInItsEngine = noClasses()
            .that()
            .resideOutsideOfPackage("io.bytelm.lm.djl..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule kafkaAndGrpcStayOutside = noClasses()
            .that()
            .resideOutsideOfPackage("io.bytelm.service.grpc..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.grpc..");
}
