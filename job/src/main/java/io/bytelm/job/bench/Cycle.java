package io.bytelm.job.bench;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;

/** The items over and over, for as long as it goes on. */
final class Cycle<T> implements Iterator<T> {
    private final List<T> items;
    private final BooleanSupplier goesOn;
    private int next;

    Cycle(List<T> items, BooleanSupplier goesOn) {
        this.items = items;
        this.goesOn = goesOn;
    }

    @Override
    public boolean hasNext() {
        return goesOn.getAsBoolean();
    }

    @Override
    public T next() {
        if (items.isEmpty()) {
            throw new NoSuchElementException("there are no items");
        }
        T item = items.get(next);
        next = (next + 1) % items.size();
        return item;
    }
}
