package dev.tributary.redis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tributary.redis", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule pureParts =
      noClasses()
          .that()
          .resideInAnyPackage("..redis.encode..", "..redis.command..", "..redis.errors..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "redis.clients..",
              "java.net..",
              "..redis.config..",
              "..redis.link..",
              "..redis.write..");

  @ArchTest
  static final ArchRule onlyConnectionsKnowTheClient =
      noClasses()
          .that()
          .resideOutsideOfPackage("..redis.link..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("redis.clients..");

  @ArchTest
  static final ArchRule noCircles =
      slices().matching("dev.tributary.redis.(*)..").should().beFreeOfCycles();
}
