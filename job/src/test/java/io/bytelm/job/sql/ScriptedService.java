package io.bytelm.job.sql;

import io.bytelm.lm.batch.Terms;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.StateRoom;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Answers what it was told to, in the order in which it is asked; what is not told is left unanswered. */
final class ScriptedService implements TrieLmService {
    private final StateRoom room;
    private final Queue<Throwable> failures = new ArrayDeque<>();
    private final List<CompletableFuture<Expansion>> asked = new ArrayList<>();
    private boolean answers = true;
    private boolean isClosed;
    private @Nullable Error fault;

    /** @param roomTokens how many tokens it keeps the states of */
    ScriptedService(long roomTokens) {
        this.room = new StateRoom(roomTokens);
    }

    /** The answer to anything: the root, where all mass is. */
    static Expansion root(double eosLogMass) {
        return new Expansion(new double[] {0}, new int[1][0], new double[1][0], eosLogMass, new double[1][]);
    }

    /** The next requests fail, one with each. */
    synchronized ScriptedService failing(Throwable... next) {
        failures.addAll(List.of(next));
        return this;
    }

    synchronized ScriptedService answering(boolean does) {
        answers = does;
        return this;
    }

    /** Once no failure is left, whoever calls has this thrown at them. */
    synchronized ScriptedService throwing(Error newFault) {
        fault = newFault;
        return this;
    }

    synchronized boolean isClosed() {
        return isClosed;
    }

    /** All futures that were handed out. */
    synchronized List<CompletableFuture<Expansion>> asked() {
        return List.copyOf(asked);
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        return expand(request, Terms.NONE);
    }

    @Override
    public synchronized CompletableFuture<Expansion> expand(ExpandRequest request, Terms terms) {
        Throwable failure = failures.poll();
        if (failure == null && fault != null) {
            throw fault;
        }
        CompletableFuture<Expansion> answer = new CompletableFuture<>();
        asked.add(answer);
        if (failure != null) {
            answer.completeExceptionally(failure);
        } else if (answers) {
            answer.complete(root(Double.NEGATIVE_INFINITY));
        }
        return answer;
    }

    @Override
    public StateRoom room() {
        return room;
    }

    @Override
    public synchronized Vocabulary vocabulary() {
        if (fault != null) {
            throw fault;
        }
        throw new UnsupportedOperationException("the computations of these tests need none");
    }

    @Override
    public synchronized void close() {
        isClosed = true;
    }
}
