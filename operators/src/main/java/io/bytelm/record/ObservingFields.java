package io.bytelm.record;

import io.bytelm.span.SpanKind;
import io.bytelm.span.SpanRule;
import io.bytelm.span.SpanSpace;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an {@code open} that say what a session says beside its scores:
 *
 * <pre>
 *   spans         "words", "lines", "sentences", or {"regex": pattern}
 *   span_space    "after" (the usual one) or "before": to which word, or sentence, white space belongs
 *   anomaly       {"window_bytes": 2 to 4096}: how unusual so many last bytes are
 *   settled_tokens   true or false: the ids of tokens, once they have settled
 * </pre>
 */
final class ObservingFields {
    private static final String SPANS = "spans";
    private static final String SPAN_SPACE = "span_space";
    private static final String REGEX = "regex";
    private static final String ANOMALY = "anomaly";
    private static final String WINDOW_BYTES = "window_bytes";
    private static final String SETTLED_TOKENS = "settled_tokens";

    /** All of them. */
    static final Set<String> NAMES = Set.of(SPANS, SPAN_SPACE, ANOMALY, SETTLED_TOKENS);

    private ObservingFields() {}

    /** @param absent what is said where no field asks for anything */
    static Observing read(OpenFields fields, Observing absent) throws RejectedRecordException {
        return new Observing(
                fields.has(SPANS) ? spans(fields) : withSpace(fields, absent.spans()),
                windowBytes(fields, absent.anomalyWindowBytes()),
                absent.alertZ(),
                fields.flag(SETTLED_TOKENS, absent.settledTokens()));
    }

    private static int windowBytes(OpenFields fields, int absent) throws RejectedRecordException {
        OpenFields anomaly = fields.object(ANOMALY, Set.of(WINDOW_BYTES));
        if (anomaly == null) {
            return absent;
        }
        anomaly.requireKnown(Set.of(WINDOW_BYTES));
        int found = anomaly.wholeNumber(WINDOW_BYTES, Observing.LEAST_WINDOW_BYTES, Surprisals.MOST_WINDOW_BYTES, 0);
        if (found == 0) {
            throw OpenFields.malformed("field \"" + ANOMALY + "\" has no \"" + WINDOW_BYTES + "\"");
        }
        return found;
    }

    private static SpanRule spans(OpenFields fields) throws RejectedRecordException {
        if (fields.isObject(SPANS)) {
            OpenFields regex = fields.object(SPANS, Set.of(REGEX));
            return regex == null ? rule(SpanKind.REGEX, "", fields) : ofRegex(regex, fields);
        }
        int choice = fields.choice(SPANS, SpanKind.labels(SpanKind.withoutPattern()), 0);
        return rule(SpanKind.withoutPattern().get(choice), "", fields);
    }

    private static SpanRule ofRegex(OpenFields regex, OpenFields fields) throws RejectedRecordException {
        regex.requireKnown(Set.of(REGEX));
        return rule(SpanKind.REGEX, regex.text(REGEX, ""), fields);
    }

    private static SpanRule rule(SpanKind kind, String pattern, OpenFields fields) throws RejectedRecordException {
        if (fields.has(SPAN_SPACE) && !kind.hasSpace()) {
            throw meaningless(kind.label());
        }
        int space = fields.choice(SPAN_SPACE, SpanSpace.labels(), SpanSpace.AFTER.ordinal());
        try {
            return new SpanRule(kind, SpanSpace.values()[space], pattern);
        } catch (IllegalArgumentException e) {
            throw OpenFields.malformed("field \"" + SPANS + "\": " + e.getMessage());
        }
    }

    /** Of the default rule, the space alone may be another one. */
    private static @Nullable SpanRule withSpace(OpenFields fields, @Nullable SpanRule absent)
            throws RejectedRecordException {
        if (!fields.has(SPAN_SPACE)) {
            return absent;
        }
        if (absent == null) {
            throw meaningless("no spans");
        }
        return rule(absent.kind(), absent.pattern(), fields);
    }

    private static RejectedRecordException meaningless(String beside) {
        return OpenFields.malformed("field \"" + SPAN_SPACE + "\" is for \"" + SPANS
                + "\" of words or sentences, and means nothing with " + beside + "; leave it out");
    }
}
