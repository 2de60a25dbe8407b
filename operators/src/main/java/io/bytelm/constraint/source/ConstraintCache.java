package io.bytelm.constraint.source;

import io.bytelm.constraint.CompileLimits;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Compiles constraints on another thread, each content once, and keeps the most recently used ones within a bound on
 * memory. Refusals are kept too, so that a hostile source costs its time only once. Thread-safe.
 */
public final class ConstraintCache {
    /** @param isAccepted whether it was accepted before, so that the wider limits hold */
    private record Key(ConstraintSource source, boolean isAccepted) {}

    private final Executor compiler;
    private final CompileLimits limits;
    private final long maxBytes;
    private final Map<Key, CompletableFuture<CompiledConstraint>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /**
     * @param compiler runs the compilations; one thread bounds what they cost together
     * @param limits of what is asked for with {@link #get}
     * @param maxBytes the most that finished entries may weigh, but for the newest one
     */
    public ConstraintCache(Executor compiler, CompileLimits limits, long maxBytes) {
        this.compiler = compiler;
        this.limits = limits;
        this.maxBytes = maxBytes;
    }

    /**
     * The compiled source; complete at once if it is known, else completed by the compiling thread. It fails only where
     * the compiler itself does.
     */
    public CompletableFuture<CompiledConstraint> get(ConstraintSource source) {
        synchronized (this) {
            CompletableFuture<CompiledConstraint> accepted = entries.get(new Key(source, true));
            if (accepted != null && isDone(accepted) && accepted.join().isWithin(limits)) {
                return accepted;
            }
        }
        return get(new Key(source, false), limits);
    }

    /**
     * The same for a source that this job has accepted: a session is open with it. The limits are there to refuse what comes,
     * so this one is compiled within {@link CompileLimits#ACCEPTED}.
     */
    public CompletableFuture<CompiledConstraint> getAccepted(ConstraintSource source) {
        CompletableFuture<CompiledConstraint> entry;
        synchronized (this) {
            entry = entries.get(new Key(source, false));
        }
        if (entry == null) {
            return get(new Key(source, true), CompileLimits.ACCEPTED);
        }
        return entry.thenCompose(compiled -> compiled.isOverALimit()
                ? get(new Key(source, true), CompileLimits.ACCEPTED)
                : CompletableFuture.completedFuture(compiled));
    }

    private CompletableFuture<CompiledConstraint> get(Key key, CompileLimits within) {
        CompletableFuture<CompiledConstraint> entry = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<CompiledConstraint> known = entries.putIfAbsent(key, entry);
            if (known != null) {
                return known;
            }
        }
        compiler.execute(() -> compile(key.source(), within, entry));
        return entry;
    }

    /** What the finished entries weigh. */
    public synchronized long bytes() {
        return bytes;
    }

    private void compile(ConstraintSource source, CompileLimits within, CompletableFuture<CompiledConstraint> entry) {
        try {
            CompiledConstraint compiled = CompiledConstraint.of(source, within);
            keep(compiled);
            entry.complete(compiled);
        } catch (RuntimeException | Error failure) {
            entry.completeExceptionally(failure); // and stays: whoever asks again is not kept waiting for ever
        }
    }

    private static boolean isDone(CompletableFuture<?> entry) {
        return entry.isDone() && !entry.isCompletedExceptionally();
    }

    /** Makes room for a new entry by dropping the finished ones that were used longest ago. */
    private synchronized void keep(CompiledConstraint compiled) {
        bytes += compiled.weightBytes();
        Iterator<CompletableFuture<CompiledConstraint>> oldest =
                entries.values().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            CompletableFuture<CompiledConstraint> entry = oldest.next();
            if (isDone(entry)) { // the new one is not done yet
                bytes -= entry.join().weightBytes();
                oldest.remove();
            }
        }
    }
}
