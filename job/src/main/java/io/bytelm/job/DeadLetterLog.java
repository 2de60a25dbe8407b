package io.bytelm.job;

import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SourcePosition;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For a job without a topic for dead letters: each is a line in the log, ten a minute at most, and then how many more.
 *
 * @param keptElsewhere ends the line that counts the others: where each of them can be found
 */
public record DeadLetterLog(String keptElsewhere) implements Sink<DeadLetter> {
    private static final long serialVersionUID = 1;

    @Override
    public SinkWriter<DeadLetter> createWriter(WriterInitContext context) {
        return writer();
    }

    SinkWriter<DeadLetter> writer() {
        return new Writer(keptElsewhere);
    }

    private static final class Writer implements SinkWriter<DeadLetter> {
        private static final Logger LOG = LoggerFactory.getLogger(DeadLetterLog.class);
        private static final int LINES_A_MINUTE = 10;

        private final LineBudget budget = new LineBudget(LINES_A_MINUTE);
        private final String keptElsewhere;

        private Writer(String keptElsewhere) {
            this.keptElsewhere = keptElsewhere;
        }

        @Override
        public void write(DeadLetter letter, Context context) {
            LineBudget.Decision decision = budget.line(System.nanoTime());
            logUnsaid(decision.unsaid());
            if (!decision.isSaid()) {
                return;
            }
            SourcePosition source = letter.input().source();
            LOG.warn(
                    "not processed: {} ({}; topic {}, partition {}, offset {})",
                    letter.message(),
                    letter.reason(),
                    source.topic(),
                    source.partition(),
                    source.offset());
        }

        private void logUnsaid(long unsaid) {
            if (unsaid > 0) {
                LOG.warn("not processed: {} records more; {}", unsaid, keptElsewhere);
            }
        }

        /** Called at each checkpoint, so that a count is told also when no dead letter follows. */
        @Override
        public void flush(boolean endOfInput) {
            logUnsaid(endOfInput ? budget.rest() : budget.due(System.nanoTime()));
        }

        @Override
        public void close() {
            logUnsaid(budget.rest());
        }
    }
}
