package io.bytelm.job.bench;

import io.bytelm.job.UserException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.djl.DjlLanguageModel;
import java.util.ArrayList;
import java.util.List;

/**
 * The limit that byte-level scoring is compared with: the canonical tokens of the documents, teacher-forced in passes as
 * large as the model likes, with the same window of context. Only the log-probabilities of the tokens leave the device.
 */
final class TokenLevelMeasurement {
    private static final int CONTEXTS_A_CALL = 1024;

    private final BenchModel model;

    TokenLevelMeasurement(BenchModel model) {
        this.model = model;
    }

    /** Scores one document after another, until all are scored or the time is over. */
    BenchReport.TokenLevel of(List<byte[]> documents, double seconds) {
        DjlLanguageModel limit = model.withEmptyCache();
        TeacherForcing pending = new TeacherForcing(limit);
        long bytes = 0;
        long tokens = 0;
        Deadline deadline = Deadline.inSeconds(seconds);
        for (byte[] document : documents) {
            int[] canonical = model.tokenizer().tokens(document);
            pending.add(canonical);
            bytes += document.length;
            tokens += canonical.length;
            if (deadline.isOver()) {
                break;
            }
        }
        pending.score();
        double elapsed = deadline.secondsElapsed();
        return new BenchReport.TokenLevel(
                bytes / elapsed, tokens / elapsed, (double) tokens / bytes, -pending.logProb / bytes);
    }

    /** Gathers the positions of documents into calls of like size. */
    private final class TeacherForcing {
        private final DjlLanguageModel limit;
        private final List<TokenContext> contexts = new ArrayList<>();
        private final List<Integer> nextTokens = new ArrayList<>();
        private double logProb;

        TeacherForcing(DjlLanguageModel limit) {
            this.limit = limit;
        }

        void add(int[] tokens) {
            TokenContext context = TokenContext.startingWith(model.vocabulary().bosToken());
            for (int token : tokens) {
                requireRow(token);
                contexts.add(context);
                nextTokens.add(token);
                context = context.plus(token);
                if (contexts.size() == CONTEXTS_A_CALL) {
                    score();
                }
            }
        }

        private void requireRow(int token) {
            int rows = model.vocabulary().size();
            if (token >= rows) {
                throw new UserException("the text has the token with the id " + token + ", but the model has rows for "
                        + rows + " only: such a text cannot be measured at the token level");
            }
        }

        void score() {
            if (contexts.isEmpty()) {
                return;
            }
            int[] columns = nextTokens.stream().mapToInt(model.trie()::position).toArray();
            for (float logProbOfToken : limit.nextTokenLogProbabilities(contexts, columns)) {
                logProb += logProbOfToken;
            }
            contexts.clear();
            nextTokens.clear();
        }
    }
}
