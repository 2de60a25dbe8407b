package io.bytelm.session;

import io.bytelm.record.OpenRequest;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.span.SpanRule;
import io.bytelm.span.Splitter;
import java.util.LinkedHashMap;
import java.util.Map;

/** The splitters of the rules that sessions have used last, so that an expression is not compiled with every record. */
final class Splitters {
    private static final int MOST_KEPT = 64;

    private final Map<SpanRule, Splitter> byRule = new LinkedHashMap<>(MOST_KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SpanRule, Splitter> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /** @throws RejectedRecordException if the rule has an expression that cannot be used */
    synchronized Splitter of(SpanRule rule) throws RejectedRecordException {
        Splitter known = byRule.get(rule);
        if (known != null) {
            return known;
        }
        try {
            Splitter made = rule.splitter();
            byRule.put(rule, made);
            return made;
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(OpenRequest.MALFORMED, "open: field \"spans\": " + e.getMessage());
        }
    }
}
