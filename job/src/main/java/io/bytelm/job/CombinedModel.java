package io.bytelm.job;

import io.bytelm.combine.Combination;
import io.bytelm.job.check.MemoryNeed;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.service.ModelsTogether;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.CanonicalRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Several models whose next-byte distributions are combined. What is one value of a model is that of the first.
 *
 * @param models in the order that the combination counts
 * @param combination of as many models
 */
public record CombinedModel(List<JobModel> models, Combination combination) implements JobModel {
    private static final long serialVersionUID = 1;

    public CombinedModel {
        models = List.copyOf(models);
    }

    @Override
    public String name() {
        return joined(" + ") + " (" + combination.described() + ")";
    }

    private String joined(String between) {
        return models.stream().map(JobModel::name).collect(Collectors.joining(between));
    }

    @Override
    public String place() {
        return models.stream().map(JobModel::place).collect(Collectors.joining(" and "));
    }

    @Override
    public String remedyOnCluster() {
        return models.get(0).remedyOnCluster();
    }

    /** All of them are looked at; an option that names tokens has to name tokens of each, see {@link #lookAtEach}. */
    @Override
    public KnownModel look() {
        List<KnownModel> known = lookAtEach();
        List<ModelIdentity> identities =
                known.stream().map(model -> new ModelIdentity(model.identity())).toList();
        return new KnownModel(
                known.get(0).vocabulary(), ModelsTogether.joined(identities).items());
    }

    @Override
    public List<KnownModel> lookAtEach() {
        return models.stream().map(JobModel::look).toList();
    }

    @Override
    public CanonicalRules canonicalRules() {
        List<CanonicalRules> rules = new ArrayList<>();
        for (JobModel model : models) {
            try {
                rules.add(model.canonicalRules());
            } catch (NoCanonicalTokenizationsException e) {
                throw new NoCanonicalTokenizationsException(model.name() + ": " + e.getMessage());
            }
        }
        return rules.get(0);
    }

    @Override
    public Map<String, String> ofResults() {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < models.size(); i++) {
            int number = i + 1;
            models.get(i).ofResults().forEach((name, value) -> named.put(name + " " + number, value));
        }
        named.put("combine", combination.described());
        return named;
    }

    @Override
    public TrieLmService join(Duration linger) {
        List<ServiceSource> sources = new ArrayList<>();
        for (JobModel model : models) {
            sources.add(() -> model.join(linger));
        }
        return ModelsTogether.open(sources);
    }

    @Override
    public MemoryNeed memoryNeed(long heldBytesEach) {
        return models.stream()
                .map(model -> model.memoryNeed(heldBytesEach))
                .reduce(MemoryNeed::and)
                .orElseThrow();
    }
}
