package io.bytelm.service;

import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.batch.Terms;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Several models behind one port: each request says which of them it is for. What is one value of a service is that of the
 * first model, unless a method says otherwise. Thread-safe.
 */
public final class ModelsTogether implements TrieLmService {
    private static final String NOT_SAID = "-";

    private final List<TrieLmService> models;

    /**
     * @param models in the order of {@link ExpandRequest#model}; they are closed with this one
     * @throws IllegalArgumentException if there are none
     */
    public ModelsTogether(List<TrieLmService> models) {
        if (models.isEmpty()) {
            throw new IllegalArgumentException("at least one model has to answer");
        }
        this.models = List.copyOf(models);
    }

    /**
     * Opens all of them; if one cannot be opened those before it are closed again.
     *
     * @throws RuntimeException what the source that failed has thrown
     */
    public static ModelsTogether open(List<? extends ServiceSource> sources) {
        List<TrieLmService> opened = new ArrayList<>();
        try {
            for (ServiceSource source : sources) {
                opened.add(source.open());
            }
            return new ModelsTogether(opened);
        } catch (RuntimeException | Error e) {
            closeAll(opened, e);
            throw e;
        }
    }

    @Override
    public List<TrieLmService> models() {
        return models;
    }

    @Override
    public Vocabulary vocabulary() {
        return models.get(0).vocabulary();
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        return expand(request, Terms.NONE);
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request, Terms terms) {
        return models.get(request.model()).expand(request.of(0), terms);
    }

    /** That of the model that keeps the fewest. */
    @Override
    public long keptTokens() {
        return models.stream().mapToLong(TrieLmService::keptTokens).min().orElse(Long.MAX_VALUE);
    }

    /** That of the model that reads the most: no token further back is ever needed. */
    @Override
    public long contextTokens() {
        return models.stream().mapToLong(TrieLmService::contextTokens).max().orElse(Long.MAX_VALUE);
    }

    /** The room that fills first: a text that has a place there finds one in the others. */
    @Override
    public StateRoom room() {
        return models.stream()
                .map(TrieLmService::room)
                .min(Comparator.comparingLong(StateRoom::capacityTokens))
                .orElse(StateRoom.UNBOUNDED);
    }

    @Override
    public ModelIdentity identity() {
        return joined(models.stream().map(TrieLmService::identity).toList());
    }

    /** Each thing that models say of themselves, in their order: one model, or the same ones turned round, differ. */
    public static ModelIdentity joined(List<ModelIdentity> each) {
        SortedMap<String, String> joined = new TreeMap<>();
        for (ModelIdentity identity : each) {
            for (String name : identity.items().keySet()) {
                List<String> values = each.stream()
                        .map(of -> Objects.requireNonNullElse(of.value(name), NOT_SAID))
                        .toList();
                joined.put(name, String.join(" + ", values));
            }
        }
        return new ModelIdentity(joined);
    }

    @Override
    public void close() {
        RuntimeException failure = closeAll(models, null);
        if (failure != null) {
            throw failure;
        }
    }

    /** Closes all, whatever fails; what fails first is returned, or joins what has failed before. */
    private static @Nullable RuntimeException closeAll(List<TrieLmService> services, @Nullable Throwable before) {
        RuntimeException first = null;
        for (TrieLmService service : services) {
            try {
                service.close();
            } catch (RuntimeException e) {
                if (before != null) {
                    before.addSuppressed(e);
                } else if (first != null) {
                    first.addSuppressed(e);
                } else {
                    first = e;
                }
            }
        }
        return first;
    }
}
