package io.skerry.house;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The direction in which modules may know each other (ARCHITECTURE.md, "The rooms"). */
class HouseTest {
    private static final String SPEC = "io.skerry.spec..";
    private static final String CONTENT = "io.skerry.content..";
    private static final String DEVICE = "io.skerry.device..";
    private static final String CLOUD = "io.skerry.cloud..";
    private static final String CLI = "io.skerry.cli..";
    private static final String LAB = "io.skerry.lab..";

    private final JavaClasses house = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.skerry");

    @Test
    void specKnowsNoOtherRoom() {
        check(noClasses()
                .that()
                .resideInAPackage(SPEC)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CONTENT, DEVICE, CLOUD, CLI, LAB));
    }

    /** The library's own refuse texts of more than 32,767 characters. */
    @Test
    void jsonMappersComeFromSpec() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.skerry.spec")
                .should()
                .callMethodWhere(
                        target(owner(name("io.avaje.jsonb.Jsonb"))).and(target(nameMatching("builder|instance")))));
    }

    @Test
    void specDoesNoInputOrOutput() {
        check(noClasses()
                .that()
                .resideInAPackage(SPEC)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.file..", "java.sql.."));
    }

    @Test
    void contentKnowsSpecOnly() {
        check(noClasses()
                .that()
                .resideInAPackage(CONTENT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(DEVICE, CLOUD, CLI, LAB));
    }

    @Test
    void deviceAndCloudNeverKnowEachOther() {
        check(noClasses()
                .that()
                .resideInAPackage(DEVICE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CLOUD, CLI, LAB));
        check(noClasses()
                .that()
                .resideInAPackage(CLOUD)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(DEVICE, CLI, LAB));
    }

    @Test
    void commandLineSpeaksThePublicApiOnly() {
        check(noClasses()
                .that()
                .resideInAPackage(CLI)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CONTENT, DEVICE, CLOUD, LAB));
    }

    private void check(ArchRule rule) {
        rule.check(house);
    }
}
