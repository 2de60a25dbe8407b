package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.bytelm.record.Observing;
import io.bytelm.record.SessionDefaults;
import io.bytelm.span.SpanKind;
import io.bytelm.span.SpanRule;
import io.bytelm.span.SpanSpace;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/** What sessions that score say beside their log-likelihoods, and what they do at dead ends: the options of the command line. */
final class ObservingOptions {
    private static final String REGEX = "regex:";

    private static final ConfigOption<String> SPANS = key("spans")
            .stringType()
            .noDefaultValue()
            .withDescription("Also a row for each span: words, lines, sentences, or regex:PATTERN, the matches of a"
                    + " regular expression and what is between them.");

    private static final ConfigOption<String> SPAN_SPACE = key("span-space")
            .stringType()
            .defaultValue(SpanSpace.AFTER.label())
            .withDescription("Whether the white space between two words (or sentences) belongs to the one before it,"
                    + " or to the one after it: before or after.");

    private static final ConfigOption<Integer> ANOMALY_WINDOW = key("anomaly-window")
            .intType()
            .defaultValue(0)
            .withDescription(
                    "Also tell how unusual the last so many bytes are (z), and with 'emit' = 'byte' the rank of"
                            + " each byte; 0 for nothing.");

    private static final ConfigOption<Double> ALERT_Z = key("alert-z")
            .doubleType()
            .noDefaultValue()
            .withDescription(
                    "From which z on there is a row of event 'alert'; the next one comes when it has been below.");

    private static final ConfigOption<Boolean> SETTLED_TOKENS = key("settled-tokens")
            .booleanType()
            .defaultValue(false)
            .withDescription("Also tell the ids and places of tokens once all ways to read a text begin with them.");

    static final Set<ConfigOption<?>> ALL =
            Set.of(SPANS, SPAN_SPACE, ANOMALY_WINDOW, ALERT_Z, SETTLED_TOKENS, DeadEndOption.ON_DEAD_END);

    private ObservingOptions() {}

    /** @throws org.apache.flink.table.api.ValidationException if a value is refused, or two do not go together */
    static SessionDefaults applyTo(SessionDefaults defaults, GivenOptions given) {
        return DeadEndOption.applyTo(defaults.withObserving(observing(given)), given);
    }

    private static Observing observing(GivenOptions given) {
        Double z = given.orNull(ALERT_Z);
        if (z != null && !(z > 0 && z < Double.POSITIVE_INFINITY)) {
            throw GivenOptions.refused(ALERT_Z, "must be above 0, got " + z);
        }
        SpanRule rule = rule(given);
        try {
            return new Observing(rule, given.get(ANOMALY_WINDOW), z == null ? 0 : z, given.get(SETTLED_TOKENS));
        } catch (IllegalArgumentException e) {
            throw GivenOptions.refused(ANOMALY_WINDOW, "is refused: " + e.getMessage());
        }
    }

    private static @Nullable SpanRule rule(GivenOptions given) {
        String text = given.orNull(SPANS);
        SpanSpace space = given.choice(SPAN_SPACE, SpanSpace.class);
        if (text == null) {
            if (given.has(SPAN_SPACE)) {
                throw GivenOptions.refused(SPAN_SPACE, "is for 'spans' = 'words' or 'sentences'");
            }
            return null;
        }
        try {
            SpanRule rule = text.startsWith(REGEX)
                    ? SpanRule.ofRegex(text.substring(REGEX.length()))
                    : SpanRule.of(kind(text), space);
            rule.splitter();
            if (given.has(SPAN_SPACE) && !rule.kind().hasSpace()) {
                throw GivenOptions.refused(SPAN_SPACE, "is for 'spans' = 'words' or 'sentences'");
            }
            return rule;
        } catch (IllegalArgumentException e) {
            throw GivenOptions.refused(SPANS, "= '" + text + "' is refused: " + e.getMessage());
        }
    }

    private static SpanKind kind(String text) {
        for (SpanKind kind : SpanKind.withoutPattern()) {
            if (kind.label().equals(text)) {
                return kind;
            }
        }
        throw GivenOptions.refused(SPANS, "is words, lines, sentences or regex:PATTERN, not '" + text + "'");
    }
}
