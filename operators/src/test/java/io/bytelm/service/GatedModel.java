package io.bytelm.service;

import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The portable model behind a gate: a call waits until the gate is open, and may be made to fail. */
public final class GatedModel implements LanguageModel {
    private final PortableModel model;
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch called = new CountDownLatch(1);
    private final AtomicInteger contexts = new AtomicInteger();
    private volatile int failingToken = -1;
    private volatile boolean nan;
    private volatile boolean closed;

    public GatedModel(int vocabularySize) {
        this.model = new PortableModel(vocabularySize);
    }

    public void open() {
        gate.countDown();
    }

    public void awaitCall() throws InterruptedException {
        called.await();
    }

    /** A batch with a context that ends so fails; -1 for none. */
    public void failFor(int token) {
        failingToken = token;
    }

    public void giveNaN() {
        nan = true;
    }

    /** How many contexts were evaluated. */
    public int contexts() {
        return contexts.get();
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public int vocabularySize() {
        return model.vocabularySize();
    }

    @Override
    public float[][] nextTokenProbabilities(List<TokenContext> batch) {
        called.countDown();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (closed) {
            throw new AssertionError("called after close");
        }
        if (batch.stream().anyMatch(context -> context.lastToken() == failingToken)) {
            throw new ModelException("injected failure for token " + failingToken);
        }
        contexts.addAndGet(batch.size());
        float[][] rows = model.nextTokenProbabilities(batch);
        if (nan) {
            Arrays.stream(rows).forEach(row -> Arrays.fill(row, Float.NaN));
        }
        return rows;
    }

    @Override
    public void close() {
        closed = true;
    }
}
