package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bytelm.lm.BundledModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Weights and states are freed once nothing reads them. */
@Timeout(120)
class ClosingTest {
    private static final DjlModelSettings SETTINGS =
            DjlModelSettings.of(BundledModel.directory()).withThreads(1);

    @RepeatedTest(3)
    void closingWaitsForTheCallThatIsRunningOnAnotherThread() throws Exception {
        DjlLanguageModel model = DjlLanguageModel.open(SETTINGS);
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Throwable> ended = CompletableFuture.supplyAsync(() -> prefetchUntilFailure(model, running));
        assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();

        model.close();

        assertThat(ended.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ModelException.class)
                .hasMessage("the model is closed");
    }

    @Test
    void aModelIsClosedOnceAndThenRefusesToEvaluate() {
        DjlLanguageModel model = DjlLanguageModel.open(SETTINGS);
        model.close();
        model.close();

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> model.nextTokenProbabilities(List.of(TokenContext.of(1, 2))))
                .withMessage("the model is closed");
    }

    private static Throwable prefetchUntilFailure(DjlLanguageModel model, CountDownLatch running) {
        for (int first = 0; true; first = (first + 1) % 1000) {
            try {
                model.prefetch(List.of(contextOf(first)));
                running.countDown();
            } catch (RuntimeException e) {
                return e;
            }
        }
    }

    private static TokenContext contextOf(int first) {
        return TokenContext.of(IntStream.range(first, first + 200).toArray());
    }
}
