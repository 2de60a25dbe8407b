package io.bytelm.session;

import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.vocab.CanonicalRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the model's tokenizer writes texts, found out when a session first needs to know it: that may take seconds, and no
 * other session waits meanwhile. Confined to the task thread, but for the finding out.
 */
final class RulesOnDemand {
    /** Sessions differ in which of the tokenizer's added tokens end them; few ways to differ are in use. */
    private static final int MOST_VARIANTS = 64;

    private final Supplier<CanonicalRules> service;
    private final Executor finder;
    private final Map<List<Integer>, CanonicalRules> withoutEos = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Integer>, CanonicalRules> eldest) {
            return size() > MOST_VARIANTS;
        }
    };
    private @Nullable CompletableFuture<CanonicalRules> found;

    /**
     * @param service says it, as {@link io.bytelm.service.TrieLmService#canonicalRules}
     * @param finder asks the service
     */
    RulesOnDemand(Supplier<CanonicalRules> service, Executor finder) {
        this.service = service;
        this.finder = finder;
    }

    /** Of a model whose tokenizer is not known. */
    static RulesOnDemand none() {
        return new RulesOnDemand(
                () -> {
                    throw new NoCanonicalTokenizationsException("nothing is known of how its tokenizer writes a text");
                },
                Runnable::run);
    }

    /** What to wait for; null if it is known, or known that it cannot be. */
    @Nullable
    CompletableFuture<?> preparation() {
        CompletableFuture<CanonicalRules> finding = finding();
        return finding.isDone() ? null : finding;
    }

    private CompletableFuture<CanonicalRules> finding() {
        if (found == null) {
            found = CompletableFuture.supplyAsync(service, finder);
        }
        return found;
    }

    /**
     * The rules for texts of sessions that these tokens end: their names are no tokens in a text. Waits if need be.
     *
     * @throws NoCanonicalTokenizationsException if canonical tokenizations are not offered; the message says why
     */
    CanonicalRules without(int[] eosTokens) {
        CanonicalRules rules = joined(finding());
        List<Integer> added = rules.addedAmong(eosTokens); // the others, of which there may be many, change nothing
        return added.isEmpty() ? rules : withoutEos.computeIfAbsent(added, eos -> rules.withoutAdded(eosTokens));
    }

    /**
     * The rules for what the model writes after a prompt: the names of special tokens, and of these, are no tokens in it.
     * Waits if need be.
     *
     * @throws NoCanonicalTokenizationsException as {@link #without}
     */
    CanonicalRules written(int[] eosTokens) {
        return without(joined(finding()).unwritten(eosTokens));
    }

    private CanonicalRules joined(CompletableFuture<CanonicalRules> finding) {
        try {
            return finding.join();
        } catch (CompletionException e) {
            NoCanonicalTokenizationsException refusal =
                    e.getCause() instanceof NoCanonicalTokenizationsException no ? no : null;
            if (refusal == null || !refusal.isLasting()) {
                found = null; // it may be there when it is needed again
            }
            throw refusal == null ? e : refusal;
        }
    }
}
