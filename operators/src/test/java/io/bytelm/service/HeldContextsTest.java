package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.BundledModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.WeaklyHeldContexts;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.HuggingFaceTokenizerFile;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each record of a session brings the session's contexts as new instances; the service holds each token once. */
@Timeout(120)
class HeldContextsTest {
    private static final Path MODEL = BundledModel.directory();
    private static final Vocabulary VOCABULARY = VocabularyReader.fromModelDirectory(MODEL);
    private static final int TOKENS_PER_RECORD = 3;
    private static final int RECORDS = 150;
    private static final int[] NO_EOS = {};

    @Test
    void aLongSessionOfShortRecordsIsHeldOnce() throws Exception {
        List<Integer> tokens = new ArrayList<>(List.of(VOCABULARY.bosToken()));
        HuggingFaceTokenizerFile tokenizer = HuggingFaceTokenizerFile.open(MODEL);
        byte[] text = text();
        Arrays.stream(tokenizer.tokens(text)).forEach(tokens::add);
        WeaklyHeldContexts contexts = new WeaklyHeldContexts();
        try (EmbeddedTrieLmService service = EmbeddedTrieLmService.open(
                VOCABULARY,
                order -> DjlLanguageModel.open(DjlModelSettings.of(MODEL).withThreads(1), order),
                CompletableFuture.completedFuture(tokenizer),
                TokenizerRules.unknown(),
                ServiceSettings.defaults())) {
            for (int record = 0; record < RECORDS; record++) {
                readRecord(service, contexts, tokens, record * TOKENS_PER_RECORD);
            }

            assertThat(service.statistics().guesses()).isPositive();
            int distinct = RECORDS * TOKENS_PER_RECORD;
            assertThat(contexts.watched()).isGreaterThan(50 * distinct);
            assertThat(contexts.reachable(distinct)).isLessThanOrEqualTo(distinct);
        }
    }

    private static void readRecord(
            EmbeddedTrieLmService service, WeaklyHeldContexts contexts, List<Integer> tokens, int from) {
        int[] known =
                tokens.stream().limit(from + 1).mapToInt(Integer::intValue).toArray();
        TokenContext context = contexts.watch(TokenContext.of(known));
        for (int i = 1; i <= TOKENS_PER_RECORD; i++) {
            service.expand(new ExpandRequest(context, bytesAfter(tokens, from + i), NO_EOS, ExpandRequest.NO_ROWS))
                    .join();
            context = context.plus(tokens.get(from + i));
        }
    }

    private static byte[] bytesAfter(List<Integer> tokens, int from) {
        StringBuilder bytes = new StringBuilder();
        tokens.subList(from, from + 10)
                .forEach(token -> bytes.append(new String(VOCABULARY.bytes(token), StandardCharsets.ISO_8859_1)));
        return bytes.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] text() {
        String sentence = "Record %d of this session says that Holmes sat in his chair and read the morning paper. ";
        return IntStream.range(0, 60)
                .mapToObj(sentence::formatted)
                .reduce("", String::concat)
                .getBytes(StandardCharsets.UTF_8);
    }
}
