package io.bytelm.job.cli;

import io.bytelm.combine.Combination;
import io.bytelm.job.CombinedModel;
import io.bytelm.job.JobModel;
import io.bytelm.service.ServiceSettings;
import picocli.CommandLine.Mixin;

/** One model, or several that are combined; each of this job's own, or one that others serve. */
final class ModelsOrServices {
    @Mixin
    private ModelOrService model;

    @Mixin
    private CombineOptions combine;

    /** For one caller that asks for one thing after another. */
    JobModel settings() {
        return settings(ServiceSettings.defaults());
    }

    JobModel settings(ServiceSettings service) {
        Combination combination = combine.combination(model.given());
        return combination == null ? model.settings(service) : new CombinedModel(model.each(service), combination);
    }

    /** For whole documents, many at once, whose states all have to be there. */
    JobModel documentSettings(ServiceSettings service) {
        Combination combination = combine.combination(model.given());
        return combination == null
                ? model.documentSettings(service)
                : new CombinedModel(model.eachForDocuments(service), combination);
    }
}
