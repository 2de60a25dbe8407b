package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.combine.Combination;
import io.bytelm.job.CombinedModel;
import io.bytelm.job.JobModel;
import io.bytelm.job.RemoteModel;
import io.bytelm.job.UserException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class CombineOptionsTest {
    @Command
    static final class Reading {
        @Mixin
        ModelsOrServices model;
    }

    private static JobModel model(String arguments) {
        Reading reading = new Reading();
        new CommandLine(reading)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        return reading.model.settings();
    }

    private static @Nullable Combination combination(String arguments) {
        return model(arguments).combination();
    }

    @Test
    void oneModelIsNotCombined() {
        assertThat(combination("")).isNull();
        assertThat(combination("--model a")).isNull();
        assertThat(combination("--service a:1,b:2")).isNull();
    }

    @Test
    void modelsAreCombinedInTheirOrder() {
        CombinedModel mixed = (CombinedModel) model("--model a --model tiny-en --combine mixture --weight 0.75,0.25");
        assertThat(mixed.combination()).isEqualTo(Combination.mixture(List.of(0.75, 0.25)));
        assertThat(mixed.name()).isEqualTo("a + tiny-en (mixture 0.75, 0.25)");
        assertThat(combination("--model a --model b --model c --combine MIXTURE"))
                .isEqualTo(Combination.evenMixture(3));
        assertThat(combination("--model a --model b --combine product --weight 1 --weight 0.5"))
                .isEqualTo(Combination.product(List.of(1.0, 0.5)));
        assertThat(combination("--model a --model b --combine product"))
                .isEqualTo(Combination.product(List.of(1.0, 1.0)));
        assertThat(combination("--model a --model b --combine contrast")).isEqualTo(Combination.contrast(1));
        assertThat(combination("--model a --model b --model c --combine contrast --alpha 0.5"))
                .isEqualTo(Combination.contrast(0.5));
    }

    @Test
    void eachServiceIsAModelOfItsOwn() {
        CombinedModel both = (CombinedModel) model("--service a:1,b:2 --service c:3 --combine product");
        assertThat(both.models()).hasSize(2).allMatch(RemoteModel.class::isInstance);
        assertThat(both.place()).isEqualTo("a:1,b:2 and c:3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --model a --model b                                               | --combine mixture, product or contrast
            --service a:1 --service b:1                                       | --combine mixture, product or contrast
            --weight 1                                                        | --weight says how several models are combined
            --alpha 1                                                         | --alpha says how several models are combined
            --combine mixture                                                 | --combine combines 2 to 8 models, but 0 are given
            --model a --combine mixture                                       | --combine combines 2 to 8 models, but 1 is given
            --model a --model b --combine mixture --weight 0.5                | --weight is given 1 time for 2 models
            --model a --model b --combine mixture --weight 0.5,0.4            | --weight: the weights of a mixture must sum to 1
            --model a --model b --combine mixture --weight 1.5,-0.5           | --weight: the weights of a mixture must be at least 0
            --model a --model b --combine product --weight 0,0                | --weight: at least one weight
            --model a --model b --combine product --alpha 1                   | --alpha is for --combine contrast
            --model a --model b --combine contrast --weight 1,1               | --weight means nothing with --combine contrast
            --model a --model b --combine contrast --alpha -1                 | --alpha: alpha must be at least 0
            --model a --model b --model c --model d --combine contrast        | --combine contrast takes 2 models
            --model a --model b --combine mixture --bos <s>                   | --bos belongs to one model
            --model a --model b --combine mixture --adapter d                 | --adapter belongs to one model
            --service a:1 --service b:1 --combine mixture --threads 2         | --threads is for bytelm serve
            """)
    void whatCannotBeIsOneLineThatNamesTheOption(String arguments, String line) {
        assertThatThrownBy(() -> model(arguments))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(line);
    }
}
