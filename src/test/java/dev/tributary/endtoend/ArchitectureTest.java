package dev.tributary.endtoend;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tributary.clickhouse.ClickHouseSinkConnector;
import dev.tributary.common.Versions;
import dev.tributary.postgres.PgLogicalSourceConnector;
import dev.tributary.redis.RedisFeatureSinkConnector;
import dev.tributary.transforms.WindowedFeatures;

/** The walls of the house. */
@AnalyzeClasses(
    packagesOf = {
      PgLogicalSourceConnector.class,
      WindowedFeatures.class,
      RedisFeatureSinkConnector.class,
      ClickHouseSinkConnector.class,
      Versions.class
    },
    importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] EDGES = {
    "java.sql..", "java.net..", "javax.net..", "org.postgresql..", "org.apache.kafka.clients.."
  };

  @ArchTest
  static final ArchRule theDecoderKnowsBytesAlone =
      noClasses()
          .that()
          .resideInAPackage("dev.tributary.postgres.pgoutput..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "java.net..", "org.postgresql..", "org.apache.kafka..");

  @ArchTest
  static final ArchRule valuesAreDecodedWithoutAConnection =
      noClasses()
          .that()
          .resideInAPackage("dev.tributary.postgres.types..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(EDGES);

  @ArchTest
  static final ArchRule pluginsDoNotKnowEachOther =
      slices()
          .matching("dev.tributary.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              com.tngtech.archunit.base.DescribedPredicate.alwaysTrue(),
              com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                  "dev.tributary.common.."));

  @ArchTest
  static final ArchRule packagesDoNotGoInCircles =
      slices().matching("dev.tributary.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule featureStateIsPure =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.tributary.transforms.features..", "dev.tributary.transforms.zscore..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "java.net..", "org.apache.kafka..");
}
