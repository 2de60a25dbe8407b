package io.bytelm.job.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.ModelException;
import io.bytelm.service.ServiceClosedException;
import io.bytelm.service.TrieLmService;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a row, whatever the model does. */
@Timeout(30)
class PredictionTest {
    private static final int ERROR = 1;
    private static final RowType OUTPUT = RowType.of(
            new LogicalType[] {new DoubleType(), VarCharType.STRING_TYPE}, new String[] {"log_likelihood", "error"});

    private final Counter withoutResult = new SimpleCounter();

    private RowData row(TrieLmService service, Map<String, String> options) throws Exception {
        Map<String, String> all = new HashMap<>(options);
        all.put("task", "score");
        ModelStatement statement = new ModelStatement(all, TextColumn.STRING, OUTPUT);
        Prediction prediction = Prediction.open(statement, () -> service, withoutResult);
        try {
            return prediction.of("cab".getBytes(UTF_8)).get(20, TimeUnit.SECONDS);
        } finally {
            prediction.close();
        }
    }

    private String error(RowData row) {
        assertThat(row.isNullAt(0)).isTrue();
        assertThat(withoutResult.getCount()).isEqualTo(1);
        return row.getString(ERROR).toString();
    }

    @Test
    void anAnswerIsARowWithoutAnError() throws Exception {
        RowData row = row(ToyService.answering(), Map.of());

        assertThat(row.getDouble(0)).isNegative();
        assertThat(row.isNullAt(ERROR)).isTrue();
        assertThat(withoutResult.getCount()).isZero();
    }

    @Test
    void aModelThatDoesNotAnswerFailsTheJobUnlessItIsToBeIgnored() throws Exception {
        ToyService failing = ToyService.failing(new ModelException("out of order"));

        assertThatThrownBy(() -> row(failing, Map.of("error-handling-strategy", "failover")))
                .hasRootCauseMessage("out of order")
                .hasCauseInstanceOf(ServiceFailedException.class);
        assertThatThrownBy(() -> row(failing, Map.of("retry-num", "1")))
                .cause()
                .hasMessage("the model failed 2 times, last with: out of order");
        assertThat(withoutResult.getCount()).isZero();
        assertThat(error(row(failing, Map.of("error-handling-strategy", "ignore"))))
                .isEqualTo("the model failed: out of order");
    }

    @Test
    void aFallbackIsTakenOnceNoAttemptIsLeft() throws Exception {
        ToyService failing = ToyService.failing(new ModelException("out of order"));

        assertThat(error(row(failing, Map.of("retry-num", "1", "retry-fallback-strategy", "ignore"))))
                .isEqualTo("the model failed 2 times, last with: out of order");
    }

    @Test
    void aTextThatOutgrowsTheContextIsReadShortenedOrSkippedAsTheUserChose() throws Exception {
        ToyService small = ToyService.answering().withContextOf(1);

        assertThat(row(small, Map.of("prune-threshold", "0")).isNullAt(ERROR)).isTrue();
        assertThat(error(row(small, Map.of("prune-threshold", "0", "context-overflow-action", "skipped"))))
                .isEqualTo("the text of 3 bytes outgrows the model's context");
    }

    @Test
    void aModelThatIsGoneFailsTheJobEvenWhereFailuresAreIgnored() {
        ToyService gone = ToyService.failing(new ServiceClosedException("gone"));

        assertThatThrownBy(() -> row(gone, Map.of("error-handling-strategy", "ignore")))
                .hasCauseInstanceOf(ServiceClosedException.class);
    }

    @Test
    void aModelThatCannotBeUsedIsLeftAgain() {
        ScriptedService broken = new ScriptedService(10).throwing(new NoClassDefFoundError("io/bytelm/Missing"));

        assertThatThrownBy(() -> row(broken, Map.of())).isInstanceOf(NoClassDefFoundError.class);
        assertThat(broken.isClosed()).isTrue();
    }
}
