package io.bytelm.session;

import io.bytelm.combine.Combination;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.Tokenizations;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the logic of sessions where the operator runs, with a thread for compiling constraints.
 *
 * @param combination of sessions that several models read; null if one does
 */
public record AllSessions(
        SessionDefaults defaults, @Nullable Combination combination) implements SessionLogic.Factory<SessionState> {
    private static final long serialVersionUID = 1;

    /** Enough for the deepest source within the limits, whatever stack the JVM gives its threads. */
    private static final long COMPILER_STACK_BYTES = 8L << 20;

    private static final byte[] NO_BYTES = {};

    /** Of one model. */
    public AllSessions(SessionDefaults defaults) {
        this(defaults, null);
    }

    /** @throws SuppressRestartsException if the sessions' default is what the model does not offer */
    @Override
    public SessionLogic<SessionState> create(TrieLmService service) {
        requireOffered(service);
        ExecutorService compiler = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(null, work, "bytelm-constraint-compiler", COMPILER_STACK_BYTES);
            thread.setDaemon(true);
            return thread;
        });
        return combination == null
                ? new AllSessionsLogic(defaults, service, PieceSize.STANDARD, compiler, compiler::shutdownNow)
                : combined(defaults, combination, service, PieceSize.STANDARD, compiler, compiler::shutdownNow);
    }

    private void requireOffered(TrieLmService service) {
        if (defaults.tokenizations() == Tokenizations.CANONICAL) {
            try {
                service.models().forEach(TrieLmService::canonicalRules);
            } catch (NoCanonicalTokenizationsException e) {
                throw new SuppressRestartsException(e);
            }
        }
    }

    /**
     * Of several models together; compiles, and asks how tokenizers write texts, where the executor says.
     *
     * @param service as many models as are combined
     * @throws IllegalArgumentException if there is another number of them, or a default EOS token is not in the vocabulary of
     *     one of them; the message names it
     */
    static AllSessionsLogic combined(
            SessionDefaults defaults,
            Combination combination,
            TrieLmService service,
            PieceSize piece,
            Executor compiler,
            AutoCloseable closed) {
        if (!combination.isOf(service.models().size())) {
            throw new IllegalArgumentException(
                    service.models().size() + " models cannot be combined as " + combination.described());
        }
        List<CombinedReaders.Model> models = new ArrayList<>();
        for (TrieLmService model : service.models()) {
            Vocabulary vocabulary = model.vocabulary();
            defaults.beamParams(vocabulary);
            RulesOnDemand rules = new RulesOnDemand(model::canonicalRules, compiler);
            models.add(new CombinedReaders.Model(
                    new ModelReaders(vocabulary, rules),
                    defaults.dummyPrefix() ? vocabulary.dummyPrefix() : NO_BYTES,
                    model.contextTokens()));
        }
        CombinedReaders readers = new CombinedReaders(models, combination);
        long mostTokens = Math.min(service.contextTokens(), CombinedReader.TRUNCATED - 1L);
        return new AllSessionsLogic(defaults, readers, mostTokens, piece, compiler, closed);
    }
}
