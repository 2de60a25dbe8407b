package io.bytelm.job.bench;

import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.TokenContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The limit that byte-level scoring is compared with: the canonical tokens of one document after another, all positions
 * of a document in one call.
 */
final class TokenLevelMeasurement {
    private final BenchModel model;

    TokenLevelMeasurement(BenchModel model) {
        this.model = model;
    }

    BenchReport.TokenLevel of(List<byte[]> documents, double seconds) {
        LanguageModel limit = model.withEmptyCache();
        long bytes = 0;
        long tokens = 0;
        double logProb = 0;
        Deadline deadline = Deadline.inSeconds(seconds);
        for (byte[] document : documents) {
            int[] canonical = model.tokenizer().tokens(document);
            logProb += logProb(limit, canonical);
            bytes += document.length;
            tokens += canonical.length;
            if (deadline.isOver()) {
                break;
            }
        }
        double elapsed = deadline.secondsElapsed();
        return new BenchReport.TokenLevel(bytes / elapsed, tokens / elapsed, (double) tokens / bytes, -logProb / bytes);
    }

    private double logProb(LanguageModel limit, int[] tokens) {
        List<TokenContext> contexts = new ArrayList<>(tokens.length);
        TokenContext context = TokenContext.startingWith(model.vocabulary().bosToken());
        for (int token : tokens) {
            contexts.add(context);
            context = context.plus(token);
        }
        float[][] rows = limit.nextTokenProbabilities(contexts);
        double sum = 0;
        for (int i = 0; i < tokens.length; i++) {
            sum += Math.log(rows[i][model.trie().position(tokens[i])]);
        }
        return sum;
    }
}
