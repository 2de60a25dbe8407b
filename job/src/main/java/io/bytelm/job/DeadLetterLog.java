package io.bytelm.job;

import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SourcePosition;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For a job without a topic for dead letters: each is a line in the log. */
final class DeadLetterLog implements Sink<DeadLetter> {
    private static final long serialVersionUID = 1;

    @Override
    public SinkWriter<DeadLetter> createWriter(WriterInitContext context) {
        return new Writer();
    }

    private static final class Writer implements SinkWriter<DeadLetter> {
        private static final Logger LOG = LoggerFactory.getLogger(DeadLetterLog.class);

        @Override
        public void write(DeadLetter letter, Context context) {
            SourcePosition source = letter.input().source();
            LOG.warn(
                    "not processed: {} ({}; topic {}, partition {}, offset {})",
                    letter.message(),
                    letter.reason(),
                    source.topic(),
                    source.partition(),
                    source.offset());
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
