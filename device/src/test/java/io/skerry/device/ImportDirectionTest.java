package io.skerry.device;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportDirectionTest {
    private static final List<String> FEATURES = List.of(
            "config",
            "identity",
            "link",
            "image",
            "container",
            "network",
            "storage",
            "remote",
            "filesystem",
            "host",
            "retry",
            "revision",
            "watch");

    /** What works on the machine itself. */
    private static final List<String> ON_THE_MACHINE =
            List.of("container", "network", "storage", "image", "filesystem");

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.skerry.device");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.skerry.device.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void featuresKnowRevisionAndWhatServesAllButNotEachOther() {
        for (String feature : FEATURES) {
            String[] others = FEATURES.stream()
                    .filter(f ->
                            !f.equals(feature) && !f.equals("revision") && !f.equals("retry") && !f.equals("watch"))
                    .filter(f -> !(ON_THE_MACHINE.contains(feature) && (f.equals("host") || f.equals("filesystem"))))
                    .map(f -> "io.skerry.device." + f + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("io.skerry.device." + feature + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(classes);
        }
    }

    @Test
    void onlyTheProgramKnowsThemAll() {
        noClasses()
                .that()
                .resideInAPackage("io.skerry.device.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.skerry.device")
                .check(classes);
    }

    @Test
    void revisionKnowsNeitherRuncNorHttp() {
        noClasses()
                .that()
                .resideInAPackage("io.skerry.device.revision..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "io.skerry.content.registry..", "io.skerry.device.container..")
                .check(classes);
    }
}
