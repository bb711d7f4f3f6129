package dev.tributary.transforms;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.tributary.transforms",
    importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {
  @ArchTest
  static final ArchRule STATE_IS_PURE =
      noClasses()
          .that()
          .resideInAnyPackage("..features..", "..language..", "..sequence..", "..zscore..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "org.slf4j..", "java.io..", "java.nio..");

  @ArchTest
  static final ArchRule KAFKA_CLIENTS_STAY_AT_THE_EDGE =
      noClasses()
          .that()
          .haveNameNotMatching(
              ".*\\.(Kafka(TopicIds|(Topic)?History.*)|RestoreConsumers|StoredValues)")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka.clients..");

  @ArchTest
  static final ArchRule NO_CIRCLES =
      slices().matching("dev.tributary.transforms.(*)..").should().beFreeOfCycles();
}
