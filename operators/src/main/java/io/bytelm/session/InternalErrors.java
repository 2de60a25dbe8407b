package io.bytelm.session;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SourcePosition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of records at which the logic failed: a dead letter for each, and a line in the log for each kind of failure and
 * minute, so that a stream of bad records does not fill the disk. A kind is the exception's class and where it was thrown.
 * Confined to the task thread.
 */
final class InternalErrors {
    private static final Logger LOG = LoggerFactory.getLogger(InternalErrors.class);
    private static final long MINUTE_MILLIS = 60_000;
    private static final int MOST_KINDS = 256;
    private static final int MOST_CHARACTERS = 500;

    private final LongSupplier nowMillis;
    private final SessionMetrics metrics;
    private final Map<String, Kind> kinds = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kind> eldest) {
            return size() > MOST_KINDS;
        }
    };

    /**
     * @param loggedAtMillis when it was logged last
     * @param since how many more came since then
     */
    private record Kind(long loggedAtMillis, long since) {}

    InternalErrors(LongSupplier nowMillis, SessionMetrics metrics) {
        this.nowMillis = nowMillis;
        this.metrics = metrics;
    }

    /** The dead letter of the record. Counts it, and logs it if its kind is due. */
    DeadLetter letter(InputRecord record, LogicFailedException failure) {
        RuntimeException fault = failure.fault();
        metrics.internalError();
        String line = dueLine(record, fault);
        if (line != null) {
            LOG.warn(line, fault);
        }
        String told = oneLine(fault);
        String message = "ByteLM failed at this record, which is a fault of the program: " + told
                + "; please report it, with the record and the TaskManager's log";
        return new DeadLetter(record, DeadLetters.INTERNAL_ERROR, message, 0, told);
    }

    /** What to log; null if this kind was logged less than a minute ago. */
    @Nullable
    String dueLine(InputRecord record, RuntimeException fault) {
        String name = kindOf(fault);
        long now = nowMillis.getAsLong();
        Kind kind = kinds.get(name);
        if (kind != null && now - kind.loggedAtMillis() < MINUTE_MILLIS) {
            kinds.put(name, new Kind(kind.loggedAtMillis(), kind.since() + 1));
            return null;
        }
        kinds.put(name, new Kind(now, 0));
        SourcePosition source = record.source();
        return "failed at the record at offset " + source.offset() + " of " + source.topic() + "-"
                + source.partition() + ", which becomes a dead letter ("
                + (kind == null ? "the first of its kind" : kind.since() + " more of its kind since the last one told")
                + "): " + name;
    }

    private static String kindOf(RuntimeException fault) {
        StackTraceElement[] frames = fault.getStackTrace();
        return fault.getClass().getName() + (frames.length == 0 ? "" : " at " + frames[0]);
    }

    private static String oneLine(RuntimeException fault) {
        String told = fault.toString().replaceAll("\\p{Cntrl}+", " ");
        return told.length() <= MOST_CHARACTERS ? told : told.substring(0, MOST_CHARACTERS) + "...";
    }
}
