package io.bytelm.job.cli;

import io.bytelm.job.JobModel;
import io.bytelm.job.RemoteModel;
import io.bytelm.job.UserException;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.grpc.RemoteSettings;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A model of this job's own, or one that others serve. */
final class ModelOrService {
    /** What has been decided where the service was started. */
    private static final Set<String> OF_THE_SERVICE = Set.of(
            "--model",
            "--adapter",
            "--device",
            "--threads",
            "--max-context",
            "--context-stride",
            "--state-cache-mb",
            "--precision",
            "--state-precision",
            "--bos",
            "--max-batch",
            "--linger-ms",
            "--cache-mb",
            "--speculation",
            "--no-speculation");

    @Mixin
    private ModelOptions model;

    @Mixin
    private ServiceEndpoints endpoints;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** For one caller that asks for one thing after another. */
    JobModel settings() {
        return remoteOr(model::settings);
    }

    JobModel settings(ServiceSettings service) {
        return remoteOr(() -> model.settings(service));
    }

    /** For whole documents, many at once, whose states all have to be there. */
    JobModel documentSettings(ServiceSettings service) {
        return remoteOr(() -> model.documentSettings(service));
    }

    /** How many models are named. */
    int given() {
        return Math.max(model.given(), endpoints.each().size());
    }

    /** Each of several models. */
    List<JobModel> each(ServiceSettings service) {
        return eachRemoteOr(() -> model.each(service));
    }

    /** As {@link #documentSettings}. */
    List<JobModel> eachForDocuments(ServiceSettings service) {
        return eachRemoteOr(() -> model.eachForDocuments(service));
    }

    private List<JobModel> eachRemoteOr(Supplier<? extends List<? extends JobModel>> embedded) {
        List<RemoteSettings> remote = endpoints.each();
        if (remote.isEmpty()) {
            return List.copyOf(embedded.get());
        }
        refuseWhatIsOfTheService();
        return remote.stream().map(RemoteModel::new).map(JobModel.class::cast).toList();
    }

    private JobModel remoteOr(Supplier<? extends JobModel> embedded) {
        RemoteSettings remote = endpoints.settings();
        if (remote == null) {
            return embedded.get();
        }
        refuseWhatIsOfTheService();
        return new RemoteModel(remote);
    }

    private void refuseWhatIsOfTheService() {
        for (String option : OF_THE_SERVICE) {
            if (command.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new UserException(option
                        + " is for bytelm serve where the model is asked by --service; leave out one of" + " them");
            }
        }
    }
}
