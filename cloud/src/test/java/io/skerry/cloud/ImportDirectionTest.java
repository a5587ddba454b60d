package io.skerry.cloud;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows of ARCHITECTURE.md, as far as bytecode shows them. */
class ImportDirectionTest {
    private static final JavaClasses CLOUD = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.skerry.cloud");

    @Test
    void featuresDontImportEachOtherInCircles() {
        slices().matching("io.skerry.cloud.(*)..").should().beFreeOfCycles().check(CLOUD);
    }

    @Test
    void nobodyImportsTheWiring() {
        noClasses()
                .that()
                .resideInAPackage("io.skerry.cloud.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.skerry.cloud")
                .check(CLOUD);
    }

    @Test
    void theCloudKnowsNoOtherProgram() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.skerry.device..", "io.skerry.cli..", "io.skerry.lab..")
                .check(CLOUD);
    }

    @Test
    void whatEverythingStandsOnStandsOnNothingAbove() {
        noClasses()
                .that()
                .resideInAPackage("io.skerry.cloud.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.skerry.cloud.tenancy..",
                        "io.skerry.cloud.node..",
                        "io.skerry.cloud.service..",
                        "io.skerry.cloud.desired..",
                        "io.skerry.cloud.web..")
                .check(CLOUD);
    }

    @Test
    void whatIsDecidedKnowsNoHttp() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.skerry.cloud.desired..",
                        "io.skerry.cloud.node..",
                        "io.skerry.cloud.tenancy..",
                        "io.skerry.cloud.storage..",
                        "io.skerry.cloud.instance..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jetty..")
                .check(CLOUD);
    }
}
