package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.lm.SimulatedDevice;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.WeaklyHeldContexts;
import io.bytelm.lm.batch.Terms;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of requests that wait for the model, wherever its rows are. */
@Timeout(60)
class WaitingRequestsTest {
    private static final Vocabulary TOY = ToyVocabulary.of("<s>", "a", "ab", "abc", "b", "ab", "");

    enum Rows {
        ON_THE_HOST {
            @Override
            LanguageModel of(LanguageModel model) {
                return model;
            }
        },
        ON_THE_DEVICE {
            @Override
            LanguageModel of(LanguageModel model) {
                return new SimulatedDevice(model);
            }
        };

        abstract LanguageModel of(LanguageModel model);

        EmbeddedTrieLmService service(GatedModel model, ServiceSettings settings) {
            return EmbeddedTrieLmService.open(TOY, order -> of(new ReorderedModel(model, order)), settings);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailingContextFailsAloneAndIsTriedAgain(Rows rows) throws Exception {
        GatedModel model = new GatedModel(TOY.size());
        model.failFor(3);
        try (EmbeddedTrieLmService service = rows.service(model, new ServiceSettings(8, 0, 1 << 20, 1))) {
            CompletableFuture<Expansion> holdsTheModel = service.expand(request(0, "a"));
            model.awaitCall();
            List<CompletableFuture<Expansion>> batch = new ArrayList<>();
            for (int token = 1; token <= 5; token++) {
                batch.add(service.expand(request(token, "ab")));
            }
            model.open();

            holdsTheModel.get();
            assertThatThrownBy(() -> batch.get(2).get())
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(ModelException.class)
                    .hasMessage("injected failure for token 3");
            for (int other : new int[] {0, 1, 3, 4}) {
                assertThat(batch.get(other).get().depth()).isEqualTo(2);
            }
            assertThat(service.statistics().largestBatch()).isEqualTo(5);

            model.failFor(-1);
            assertThat(service.expand(request(3, "ab")).get().depth()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aModelThatGivesNoProbabilitiesFailsTheRequest(Rows rows) {
        GatedModel model = new GatedModel(TOY.size());
        model.giveNaN();
        model.open();
        try (TrieLmService service = rows.service(model, ServiceSettings.defaults())) {
            assertThat(service.expand(request(1, "a")))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ModelException.class)
                    .withMessageContaining("the model's probabilities sum to NaN instead of 1");
            assertThat(service.expand(request(1, "a").takingWholeAsOne()))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("the model's probabilities sum to NaN instead of 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatNobodyWantsAnyMoreIsNeitherEvaluatedNorHeld(Rows rows) throws Exception {
        GatedModel model = new GatedModel(TOY.size());
        WeaklyHeldContexts contexts = new WeaklyHeldContexts();
        try (TrieLmService service = rows.service(model, new ServiceSettings(8, 0, 1 << 20, 1))) {
            CompletableFuture<Expansion> hangs = service.expand(request(0, "a"));
            model.awaitCall();
            for (int wave = 0; wave < 50; wave++) {
                askAndCancel(service, contexts);
            }
            hangs.cancel(false);
            assertThat(contexts.reachable(0)).isZero();
            model.open();

            assertThat(service.expand(request(0, "a")).get().depth()).isEqualTo(1);
            assertThat(service.expand(request(1, "ab")).get().depth()).isEqualTo(2);
            assertThat(model.contexts())
                    .as("the evaluation that had begun is kept, the others did not begin")
                    .isEqualTo(2);
        }
    }

    private static void askAndCancel(TrieLmService service, WeaklyHeldContexts contexts) {
        List<CompletableFuture<Expansion>> answers = new ArrayList<>();
        for (int token = 1; token < TOY.size(); token++) {
            TokenContext context = contexts.watch(TokenContext.of(0, 4, token));
            answers.add(service.expand(request(context, "a")));
        }
        answers.forEach(answer -> answer.cancel(false));
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatComesTooLateIsRefused(Rows rows) throws Exception {
        GatedModel model = new GatedModel(TOY.size());
        try (TrieLmService service = rows.service(model, ServiceSettings.defaults())) {
            CompletableFuture<Expansion> running = service.expand(request(0, "a"));
            model.awaitCall();
            assertThat(service.expand(request(1, "a"), new Terms(0, 0, 20)))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ServiceRefusedException.class);
            model.open();
            assertThat(running.get().depth()).isEqualTo(1);
            assertThat(model.contexts()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingFailsWhatWaitsAndWhatComesLater(Rows rows) throws Exception {
        GatedModel model = new GatedModel(TOY.size());
        TrieLmService service = rows.service(model, new ServiceSettings(1, 0, 1 << 20, 1));
        CompletableFuture<Expansion> running = service.expand(request(1, "a"));
        model.awaitCall();
        CompletableFuture<Expansion> waiting = service.expand(request(2, "a"));

        Thread closing = new Thread(service::close);
        closing.start();
        while (closing.getState() != Thread.State.WAITING) { // until it waits for the running evaluation
            Thread.sleep(1);
        }
        assertThat(model.isClosed()).isFalse();
        model.open();
        closing.join();

        assertThat(running.get().depth()).isEqualTo(1);
        assertFailsAsClosed(waiting);
        assertFailsAsClosed(service.expand(request(1, "a")));
        assertThat(model.isClosed()).isTrue();
        service.close();
    }

    private static void assertFailsAsClosed(CompletableFuture<Expansion> answer) {
        assertThat(answer)
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(ServiceClosedException.class);
    }

    private static ExpandRequest request(int lastToken, String path) {
        return request(TokenContext.of(0, lastToken), path);
    }

    private static ExpandRequest request(TokenContext context, String path) {
        return new ExpandRequest(
                context, path.getBytes(StandardCharsets.ISO_8859_1), new int[0], ExpandRequest.NO_ROWS);
    }
}
