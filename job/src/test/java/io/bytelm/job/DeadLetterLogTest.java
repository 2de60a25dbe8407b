package io.bytelm.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SourcePosition;
import java.io.StringWriter;
import java.util.List;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a flood of bad records leaves in the log of a job without a topic for dead letters. */
class DeadLetterLogTest {
    private final StringWriter heard = new StringWriter();
    private final Logger logger = (Logger) LogManager.getLogger(DeadLetterLog.class);
    private final WriterAppender appender = WriterAppender.newBuilder()
            .setName("heard")
            .setLayout(PatternLayout.newBuilder().withPattern("%m%n").build())
            .setTarget(heard)
            .build();

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void listenNoMore() {
        logger.removeAppender(appender);
        appender.stop();
    }

    @Test
    void aFloodIsTenLinesAndACount() throws Exception {
        try (SinkWriter<DeadLetter> writer = new DeadLetterLog("--dead-letters TOPIC keeps each of them").writer()) {
            for (int offset = 0; offset < 500; offset++) {
                InputRecord record = new InputRecord(
                        "s".getBytes(UTF_8), "byts", new byte[0], new SourcePosition("in", 3, offset, 0));
                writer.write(new DeadLetter(record, "unknown-op", "the op 'byts' is unknown"), new NoContext());
            }
            writer.flush(true);
        }

        List<String> lines = heard.toString().lines().toList();
        assertThat(lines).hasSize(11);
        assertThat(lines.get(9))
                .isEqualTo("not processed: the op 'byts' is unknown (unknown-op; topic in, partition 3, offset 9)");
        assertThat(lines.get(10)).isEqualTo("not processed: 490 records more; --dead-letters TOPIC keeps each of them");
    }

    private static final class NoContext implements SinkWriter.Context {
        @Override
        public long currentWatermark() {
            return 0;
        }

        @Override
        public Long timestamp() {
            return 0L;
        }
    }
}
