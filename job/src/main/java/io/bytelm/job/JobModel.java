package io.bytelm.job;

import io.bytelm.combine.Combination;
import io.bytelm.job.check.MemoryNeed;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.CanonicalRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** The model of a job, in its processes or in others. It travels with the job, and opens once a JVM where the job runs. */
public sealed interface JobModel extends ServiceSource permits ModelSettings, RemoteModel, CombinedModel {
    /** Longer than the longest pause before a restart, see {@link FlinkSettings}. */
    Duration LINGER = Duration.ofMinutes(1);

    /** What to call the model in front of people. */
    String name();

    /** Where it is, for people. */
    String place();

    /** What has to be so for every process of a cluster to find it; ends a line, and begins with a semicolon. */
    String remedyOnCluster();

    /**
     * What it is, as far as this machine can tell without evaluating it.
     *
     * @throws UserException if it cannot be found, or is none
     */
    KnownModel look();

    /**
     * The same of each of several models.
     *
     * @throws UserException as {@link #look}
     */
    default List<KnownModel> lookAtEach() {
        return List.of(look());
    }

    /** How several models are combined; null of one. */
    default @Nullable Combination combination() {
        return null;
    }

    /**
     * How its tokenizer writes texts, without the model's weights.
     *
     * @throws io.bytelm.service.NoCanonicalTokenizationsException if that cannot be followed; one line says why
     * @throws UserException if the services that could say it are not there
     */
    CanonicalRules canonicalRules();

    /**
     * All that its answers depend on, by the name of the option, as text: two runs with the same of these have the same
     * results.
     */
    Map<String, String> ofResults();

    /** Opens it, or joins those in this JVM who have; it stays open for a while when this lease was the last one. */
    TrieLmService join(Duration linger);

    @Override
    default TrieLmService open() {
        return join(Duration.ZERO);
    }

    /**
     * The same model for a job of this environment. On a cluster it stays open for a minute when no job uses it any more:
     * a job that is restarted, or submitted again, finds it open and its caches warm.
     *
     * @throws UserException for a cluster, if the model cannot be found from this machine
     */
    default ServiceSource on(StreamExecutionEnvironment env) {
        return env instanceof LocalStreamEnvironment ? this : onCluster(look());
    }

    /**
     * The same model for a job of any environment, which has {@link #look looked} at it: it opens there only if it is the
     * one that was seen here, and stays open for a minute when no job uses it any more.
     */
    default ServiceSource onCluster(KnownModel known) {
        return new ClusterModel(this, LINGER, known.identity());
    }

    /**
     * What a job with this model needs of each TaskManager.
     *
     * @param heldBytesEach records and outputs that a subtask may hold (bytes)
     */
    MemoryNeed memoryNeed(long heldBytesEach);
}
