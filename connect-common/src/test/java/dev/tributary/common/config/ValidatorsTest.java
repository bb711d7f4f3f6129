package dev.tributary.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;

class ValidatorsTest {
  enum Mode {
    FIRST,
    THE_SECOND
  }

  @Test
  void oneOfNamesTheChoices() {
    var mode = Validators.oneOf(Mode.class);

    assertThat(mode).hasToString("one of first, the-second");
    assertThatCode(() -> mode.ensureValid("mode", "The-Second")).doesNotThrowAnyException();
    assertThat(Validators.constant(Mode.class, "the-second")).isEqualTo(Mode.THE_SECOND);
    assertThatThrownBy(() -> mode.ensureValid("mode", "third"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Invalid value third for configuration mode: must be one of first, the-second");
  }

  @Test
  void aParsersWordsBecomeTheErrorOfTheKey() {
    assertThatThrownBy(() -> Validators.duration().ensureValid("window", "soon"))
        .hasMessageContaining("window")
        .hasMessageContaining("'soon' is no duration");
  }

  @Test
  void aSecretIsNotShown() {
    var validator =
        Validators.parsedBy(
            "a number",
            text -> {
              throw new IllegalArgumentException(text + " is no number");
            });

    assertThatThrownBy(() -> validator.ensureValid("token", new Password("hunter2")))
        .isInstanceOf(ConfigException.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void blankIsRefused() {
    assertThatThrownBy(() -> Validators.notBlank().ensureValid("host", " "))
        .hasMessageContaining("host");
  }
}
