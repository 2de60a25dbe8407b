package io.bytelm.job.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.beam.Step;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceClosedException;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.session.RetrySettings;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many texts ask of a model at the same time, and what becomes of them when it does not answer. */
@Timeout(30)
class ComputationsTest {
    private static final ExpandRequest REQUEST =
            new ExpandRequest(TokenContext.of(1), new byte[0], new int[0], ExpandRequest.NO_ROWS);
    private static final RetrySettings THREE_ATTEMPTS = new RetrySettings(3, 5_000, 1, 4, 0);
    private static final RetrySettings SHORT_OF_PATIENCE = new RetrySettings(2, 50, 1, 4, 0);

    private final ScriptedService service = new ScriptedService(Long.MAX_VALUE);

    private static Step<Integer> asking(int requests) {
        return Step.ask(Collections.nCopies(requests, REQUEST), answers -> Step.done(answers.size()));
    }

    private static <T> T await(CompletableFuture<T> result) throws Exception {
        return result.get(20, TimeUnit.SECONDS);
    }

    private static void awaitTrue(java.util.function.BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(5);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void whatFailedIsAskedAgainAndWhatIsThereIsKept() throws Exception {
        service.failing(new ModelException("once"), new ModelException("twice"));
        try (Computations computations = new Computations(service, THREE_ATTEMPTS)) {
            assertThat(await(computations.start(1, 1, () -> asking(3)))).isEqualTo(3);
        }
        assertThat(service.asked()).hasSize(3 + 2);
    }

    @Test
    void aModelThatGoesOnFailingIsGivenUpAndSaysWhy() throws Exception {
        service.failing(new ModelException("one"), new ModelException("two"), new ModelException("three"));
        try (Computations computations = new Computations(service, THREE_ATTEMPTS)) {
            assertThatThrownBy(() -> await(computations.start(1, 1, () -> asking(1))))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(ServiceFailedException.class)
                    .hasMessage("the model failed 3 times, last with: three");
        }
    }

    @Test
    void anAttemptWithoutAnAnswerIsCancelledAndMadeAgain() throws Exception {
        service.answering(false);
        try (Computations computations = new Computations(service, SHORT_OF_PATIENCE)) {
            CompletableFuture<Integer> result = computations.start(1, 1, () -> asking(1));
            awaitTrue(() -> service.asked().size() == 2);
            assertThat(service.asked().get(0)).isCancelled();
            assertThatThrownBy(() -> await(result)).hasMessageContaining("last with: no answer within 50 ms");
        }
    }

    @Test
    void aModelWithoutRoomHasNotFailed() throws Exception {
        ServiceRefusedException full = ServiceRefusedException.exhausted("full", 1);
        service.failing(full, full, full, full, full);
        try (Computations computations = new Computations(service, THREE_ATTEMPTS)) {
            assertThat(await(computations.start(1, 1, () -> asking(1)))).isEqualTo(1);
        }
        assertThat(service.asked()).hasSize(6);
    }

    @Test
    void whatIsNoLogMassIsNoAnswer() throws Exception {
        service.answering(false);
        try (Computations computations = new Computations(service, THREE_ATTEMPTS)) {
            CompletableFuture<Integer> result = computations.start(1, 1, () -> asking(1));
            awaitTrue(() -> service.asked().size() == 1);
            service.answering(true).asked().get(0).complete(ScriptedService.root(Double.NaN));
            assertThat(await(result)).isEqualTo(1);
        }
        assertThat(service.asked()).hasSize(2);
    }

    @Test
    void aModelThatIsClosedOrAnotherOneIsNotAskedAgain() throws Exception {
        service.failing(new ServiceClosedException("closed"), ServiceRefusedException.wrongModel("another"));
        try (Computations computations = new Computations(service, THREE_ATTEMPTS)) {
            assertThatThrownBy(() -> await(computations.start(1, 1, () -> asking(1))))
                    .hasCauseInstanceOf(ServiceClosedException.class);
            assertThatThrownBy(() -> await(computations.start(1, 1, () -> asking(1))))
                    .hasCauseInstanceOf(ServiceRefusedException.class);
        }
        assertThat(service.asked()).hasSize(2);
    }

    @Test
    void manyAskAtTheSameTimeAndNoneHoldsTheThread() throws Exception {
        service.answering(false);
        try (Computations computations = new Computations(service, THREE_ATTEMPTS)) {
            List<CompletableFuture<Integer>> results = IntStream.range(0, 300)
                    .mapToObj(text -> computations.start(text, 1, () -> asking(1)))
                    .toList();
            awaitTrue(() -> service.asked().size() == 300);
            for (CompletableFuture<Expansion> answer : service.asked()) {
                answer.complete(ScriptedService.root(Double.NEGATIVE_INFINITY));
            }
            for (CompletableFuture<Integer> result : results) {
                assertThat(await(result)).isEqualTo(1);
            }
        }
    }

    @Test
    void aTextWaitsUntilThereIsRoomForItsStates() throws Exception {
        ScriptedService small = new ScriptedService(10).answering(false);
        try (Computations computations = new Computations(small, THREE_ATTEMPTS)) {
            CompletableFuture<Integer> first = computations.start(1, 6, () -> asking(1));
            CompletableFuture<Integer> second = computations.start(2, 6, () -> asking(1));
            awaitTrue(() -> small.room().waiting() == 1);
            assertThat(small.asked()).hasSize(1);
            small.answering(true).asked().get(0).complete(ScriptedService.root(Double.NEGATIVE_INFINITY));
            assertThat(await(first)).isEqualTo(1);
            assertThat(await(second)).isEqualTo(1);
        }
        assertThat(small.room().takenTokens()).isZero();
    }

    @Test
    void whatAComputationThrowsComesOutAsItIs() throws Exception {
        IllegalStateException fault = new IllegalStateException("at the second step");
        Step<Integer> broken = Step.ask(List.of(REQUEST), answers -> {
            throw fault;
        });
        AtomicReference<Throwable> seen = new AtomicReference<>();
        try (Computations computations = new Computations(service, THREE_ATTEMPTS)) {
            await(computations.start(1, 1, () -> broken).handle((result, failure) -> {
                seen.set(failure instanceof CompletionException wrapper ? wrapper.getCause() : failure);
                return 0;
            }));
            assertThat(await(computations.start(2, 1, () -> asking(1)))).isEqualTo(1);
        }
        assertThat(seen).hasValue(fault);
    }

    @Test
    void anAnswerThatCannotBeReadIsTold() throws Exception {
        Expansion torn = new Expansion(
                new double[] {0, -1}, new int[1][0], new double[1][0], Double.NEGATIVE_INFINITY, new double[1][]);
        service.answering(false);
        try (Computations computations = new Computations(service, THREE_ATTEMPTS)) {
            CompletableFuture<Integer> result = computations.start(1, 1, () -> asking(1));
            awaitTrue(() -> service.asked().size() == 1);
            service.asked().get(0).complete(torn);
            assertThatThrownBy(() -> await(result)).hasCauseInstanceOf(ArrayIndexOutOfBoundsException.class);
        }
    }

    @Test
    void whatIsThrownAtALaterAttemptIsTold() throws Exception {
        NoClassDefFoundError missing = new NoClassDefFoundError("io/bytelm/Missing");
        service.failing(new ModelException("once")).throwing(missing);
        try (Computations computations = new Computations(service, THREE_ATTEMPTS)) {
            assertThatThrownBy(() -> await(computations.start(1, 1, () -> asking(1))))
                    .hasCause(missing);
        }
    }

    @Test
    void whatFailsBecauseItIsClosedIsNotTold() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Integer> result;
        service.answering(false);
        try (Computations computations = new Computations(service, THREE_ATTEMPTS)) {
            result = computations.start(1, 1, () -> {
                begun.countDown();
                awaitInterruption();
                return asking(1);
            });
            begun.await();
        }
        assertThat(result).isNotDone();
        assertThat(service.room().takenTokens()).isZero();
    }

    private static void awaitInterruption() {
        try {
            Thread.sleep(20_000);
        } catch (InterruptedException closed) {
            // goes on, as a computation does that does not look
        }
    }

    @Test
    void roomIsGivenBackEvenWhereWhoClosesIsInterrupted() throws Exception {
        ScriptedService small = new ScriptedService(10);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean isOver = new AtomicBoolean();
        Computations computations = new Computations(small, THREE_ATTEMPTS);
        var unused = computations.start(1, 6, () -> {
            begun.countDown();
            while (!isOver.get()) {
                Thread.onSpinWait();
            }
            return asking(1);
        });
        begun.await();
        try {
            Thread.currentThread().interrupt();
            assertThatThrownBy(computations::close).isInstanceOf(InterruptedException.class);
            assertThat(small.room().takenTokens()).isZero();
        } finally {
            isOver.set(true);
        }
    }

    @Test
    void closingCancelsWhatNobodyWaitsForAndGivesBackItsRoom() throws Exception {
        ScriptedService small = new ScriptedService(10).answering(false);
        try (Computations computations = new Computations(small, THREE_ATTEMPTS)) {
            var unused = computations.start(1, 6, () -> asking(1));
            awaitTrue(() -> small.asked().size() == 1);
        }
        assertThat(small.asked().get(0)).isCancelled();
        assertThat(small.room().takenTokens()).isZero();
    }
}
