package io.skerry.cloud;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TestDatabase;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Tags;
import org.junit.jupiter.api.Test;

/** No test that uses a database is left out of the second run, on PostgreSQL. */
class BothDatabasesTest {
    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("io.skerry.cloud");
    private static final Set<String> OPENERS =
            Set.of(TestDatabase.class.getName(), TestCloud.class.getName(), FleetFixture.class.getName());

    @Test
    void whatUsesADatabaseIsTagged() {
        classes().that(useADatabase()).should(beTagged()).check(TESTS);
    }

    @Test
    void nobodyElseOpensTheEmbeddedOneByItself() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(TestDatabase.class.getName())
                .and()
                .doNotHaveFullyQualifiedName("io.skerry.cloud.storage.SqliteStorageTest")
                .should()
                .callMethod(Storage.class, "open", DataFolder.class)
                .check(TESTS);
    }

    private static DescribedPredicate<JavaClass> useADatabase() {
        return DescribedPredicate.describe(
                "have tests and use a database",
                c -> c.getMethods().stream().anyMatch(m -> m.isAnnotatedWith(Test.class))
                        && c.getDirectDependenciesFromSelf().stream()
                                .anyMatch(
                                        d -> OPENERS.contains(d.getTargetClass().getName()))
                        && !c.isEquivalentTo(BothDatabasesTest.class));
    }

    private static ArchCondition<JavaClass> beTagged() {
        return new ArchCondition<>("have the tag " + TestDatabase.TAG + " (or " + TestDatabase.POSTGRESQL + ")") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean tagged = Stream.concat(
                                item.tryGetAnnotationOfType(Tag.class).stream(),
                                item.tryGetAnnotationOfType(Tags.class).stream().flatMap(t -> Stream.of(t.value())))
                        .anyMatch(t -> Set.of(TestDatabase.TAG, TestDatabase.POSTGRESQL)
                                .contains(t.value()));
                events.add(new SimpleConditionEvent(item, tagged, item.getName() + " tagged: " + tagged));
            }
        };
    }
}
