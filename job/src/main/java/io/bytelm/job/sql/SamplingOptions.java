package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.bytelm.constraint.Constraint;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.Sampler;
import io.bytelm.decode.StopStrings;
import io.bytelm.record.DecodeRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;

/** How bytes are drawn, and how many: the options of the command line. */
final class SamplingOptions {
    private static final ConfigOption<Double> TEMPERATURE = key("temperature")
            .doubleType()
            .defaultValue(Sampler.STANDARD.temperature())
            .withDescription("1 draws as the model does, 0 takes the most probable byte.");

    private static final ConfigOption<Integer> TOP_K = key("top-k")
            .intType()
            .defaultValue(Sampler.STANDARD.topK())
            .withDescription("Draw only from so many of the most probable bytes; 0 is all.");

    private static final ConfigOption<Double> TOP_P = key("top-p")
            .doubleType()
            .defaultValue(Sampler.STANDARD.topP())
            .withDescription("Draw only from the most probable bytes that together have this share.");

    private static final ConfigOption<Double> MIN_P = key("min-p")
            .doubleType()
            .defaultValue(Sampler.STANDARD.minP())
            .withDescription("Draw only bytes with at least this share of the most probable one.");

    private static final ConfigOption<Long> SEED = key("seed")
            .longType()
            .defaultValue(Sampler.STANDARD.seed())
            .withDescription("Another seed gives other outputs; the same text and seed give the same output.");

    private static final ConfigOption<String> STOP = key("stop")
            .stringType()
            .noDefaultValue()
            .withDescription("End the output after one of these texts, with commas between them.");

    private static final ConfigOption<Integer> MAX_BYTES = key("max-bytes")
            .intType()
            .defaultValue(DecodeRequest.DEFAULT_MAX_BYTES)
            .withDescription("The byte budget; the output is complete within it.");

    private static final ConfigOption<Integer> PARTICLES = key("particles")
            .intType()
            .defaultValue(1)
            .withDescription("Draw so many outputs side by side, and resample them by weight.");

    static final Set<ConfigOption<?>> ALL = Set.of(TEMPERATURE, TOP_K, TOP_P, MIN_P, SEED, STOP, MAX_BYTES, PARTICLES);

    private SamplingOptions() {}

    /**
     * The rules, for a text with the number 0.
     *
     * @param eosEnds whether an output ends with an EOS token
     * @throws org.apache.flink.table.api.ValidationException if a value is out of its range, or no output fits
     */
    static DecodingRules rules(GivenOptions given, Constraint constraint, boolean eosEnds) {
        int maxBytes = given.within(MAX_BYTES, 1, DecodeRequest.MOST_BYTES);
        int particles = given.within(PARTICLES, 1, DecodeRequest.MOST_PARTICLES);
        Sampler sampler = sampler(given);
        StopStrings stop = stop(given);
        try {
            return new DecodingRules(constraint, sampler, stop, maxBytes, eosEnds, particles, 0);
        } catch (IllegalArgumentException e) {
            throw GivenOptions.refused(MAX_BYTES, "is too small: " + e.getMessage());
        }
    }

    private static Sampler sampler(GivenOptions given) {
        double topP = given.within(TOP_P, 0.0, 1.0);
        if (topP == 0) {
            throw GivenOptions.refused(TOP_P, "must be more than 0 and at most 1, got " + topP);
        }
        return new Sampler(
                given.within(TEMPERATURE, 0.0, Double.MAX_VALUE),
                given.atLeast(TOP_K, 0),
                topP,
                given.within(MIN_P, 0.0, 1.0),
                given.get(SEED));
    }

    private static StopStrings stop(GivenOptions given) {
        String typed = given.orNull(STOP);
        List<String> texts = typed == null ? List.of() : List.of(typed.split(",", -1));
        if (texts.contains("")) {
            throw GivenOptions.refused(STOP, "has an empty text; a stop text has at least one byte");
        }
        return new StopStrings(Stream.of(texts.toArray(String[]::new))
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList());
    }
}
