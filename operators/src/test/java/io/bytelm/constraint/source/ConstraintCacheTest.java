package io.bytelm.constraint.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ConstraintException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ConstraintCacheTest {
    private final Queue<Runnable> compilations = new ArrayDeque<>();

    private ConstraintCache cache(long maxBytes) {
        return new ConstraintCache(compilations::add, CompileLimits.DEFAULT, maxBytes);
    }

    private static ConstraintSource regex(String pattern) {
        return ConstraintSource.of(ConstraintKind.REGEX, pattern);
    }

    private CompiledConstraint compiled(ConstraintCache cache, ConstraintSource source) {
        CompletableFuture<CompiledConstraint> entry = cache.get(source);
        while (!entry.isDone()) {
            compilations.remove().run();
        }
        return entry.join();
    }

    @Test
    void nothingIsCompiledOnTheCallersThread() {
        ConstraintCache cache = cache(1 << 20);
        CompletableFuture<CompiledConstraint> entry = cache.get(regex("a+"));
        assertThat(entry).isNotDone();
        compilations.remove().run();
        assertThat(entry.join().orThrow().start().forcedByte()).isEqualTo('a');
    }

    @Test
    void oneContentIsCompiledOnceAlsoIfItIsAskedForTwiceBefore() {
        ConstraintCache cache = cache(1 << 20);
        assertThat(cache.get(regex("a+"))).isSameAs(cache.get(regex("a+")));
        assertThat(compilations).hasSize(1);
        assertThat(compiled(cache, regex("a+"))).isSameAs(cache.get(regex("a+")).join());
        assertThat(compiled(cache, regex("b+"))).isNotSameAs(compiled(cache, regex("a+")));
    }

    @Test
    void refusalsAreKeptToo() {
        ConstraintCache cache = cache(1 << 20);
        CompiledConstraint refused = compiled(cache, regex("("));
        assertThatThrownBy(refused::orThrow).isInstanceOf(ConstraintException.class);
        assertThat(compiled(cache, regex("("))).isSameAs(refused);
    }

    @Test
    void theEntriesUsedLongestAgoMakeRoom() {
        long oneBytes = compiled(cache(1), regex("abc0")).weightBytes();
        ConstraintCache cache = cache(3 * oneBytes);
        CompiledConstraint first = compiled(cache, regex("abc0"));
        CompiledConstraint second = compiled(cache, regex("abc1"));
        compiled(cache, regex("abc2"));
        assertThat(compiled(cache, regex("abc0"))).isSameAs(first);
        compiled(cache, regex("abc3"));
        assertThat(cache.bytes()).isLessThanOrEqualTo(3 * oneBytes);
        assertThat(compiled(cache, regex("abc0"))).isSameAs(first);
        assertThat(compiled(cache, regex("abc1"))).isNotSameAs(second);
    }

    @Test
    void whatWasAcceptedOnceIsCompiledBeyondTheLimitsAndWhatIsNewIsNot() {
        CompileLimits small = new CompileLimits(100, 10, 1 << 20, 100_000);
        ConstraintCache cache = new ConstraintCache(compilations::add, small, 1 << 24);
        ConstraintSource large = regex("a{0,500}");
        assertThat(compiled(cache, large).refusal()).isNotNull();
        CompletableFuture<CompiledConstraint> accepted = cache.getAccepted(large);
        compilations.remove().run();
        assertThat(accepted.join().orThrow().start().accepting()).isTrue();
        assertThat(cache.getAccepted(large).join()).isSameAs(accepted.join());
        assertThat(cache.get(large).join().refusal()).isNotNull();
        assertThat(compilations).isEmpty();
    }

    @Test
    void oneCompilationServesOpenSessionsAndNewOnesWhereItIsWithinTheLimits() {
        ConstraintCache cache = cache(1 << 20);
        CompletableFuture<CompiledConstraint> accepted = cache.getAccepted(regex("ab"));
        compilations.remove().run();
        assertThat(cache.get(regex("ab")).join()).isSameAs(accepted.join());
        CompiledConstraint opened = compiled(cache, regex("cd"));
        assertThat(cache.getAccepted(regex("cd")).join()).isSameAs(opened);
        assertThat(cache.getAccepted(regex("(")).isDone()).isFalse();
        compilations.remove().run();
        assertThat(cache.getAccepted(regex("(")).join().refusal()).isNotNull();
        assertThat(compilations).isEmpty();
    }

    @Test
    void theSameSourceSpendsTheSameHoweverWarmTheCompilerIs() {
        ConstraintSource words = regex("(\\p{L}{1,10} ){1,26}\\p{Lu}");
        CompiledConstraint first = CompiledConstraint.of(words, CompileLimits.DEFAULT);
        CompiledConstraint second = CompiledConstraint.of(words, CompileLimits.DEFAULT);
        assertThat(first.refusal()).isNull();
        assertThat(second.budget().chargedSteps()).isEqualTo(first.budget().chargedSteps());
        assertThat(second.weightBytes()).isEqualTo(first.weightBytes());
    }
}
