package io.bytelm.job.likelihood;

import io.bytelm.job.check.CheckedOperatorFactory;
import io.bytelm.job.likelihood.document.DocumentFormat;
import io.bytelm.job.likelihood.document.InputFile;
import io.bytelm.job.likelihood.document.Item;
import io.bytelm.job.likelihood.document.SplitPlan;
import io.bytelm.job.likelihood.document.TopicDocuments;
import io.bytelm.job.likelihood.ownership.FencedSink;
import io.bytelm.job.likelihood.ownership.Owner;
import io.bytelm.job.likelihood.scoring.LikelihoodOperatorFactory;
import io.bytelm.job.likelihood.scoring.Rejects;
import io.bytelm.job.likelihood.scoring.ScoringPlan;
import io.bytelm.job.likelihood.scoring.SpanOutput;
import java.net.URI;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.DefaultRollingPolicy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;

/**
 * The likelihood job: documents out of files, through the scoring operator, into files of lines that become visible with
 * the checkpoint that covers them. Source, operator and writer are one task, so nothing waits between them.
 */
final class LikelihoodTopology {
    /** A checkpoint can be spread over so many subtasks and no more; changing it makes checkpoints useless. */
    private static final int MAX_PARALLELISM = 128;

    private static final MemorySize PART_BYTES = MemorySize.ofMebiBytes(256);
    private static final Duration NEVER = Duration.ofDays(10_000);

    private LikelihoodTopology() {}

    /**
     * Adds the job to the environment; uids are part of a checkpoint's format.
     *
     * @param directory receives the lines
     * @param owner may write them, for as long as no other run has taken the directory over
     */
    static void build(
            StreamExecutionEnvironment env,
            LikelihoodSettings settings,
            ScoringPlan plan,
            PassDirectory directory,
            Owner owner) {
        env.setMaxParallelism(MAX_PARALLELISM);
        SingleOutputStreamOperator<String> rows = env.fromSource(
                        source(settings), WatermarkStrategy.noWatermarks(), "documents", Types.POJO(Item.class))
                .uid("documents")
                .transform("likelihood", Types.STRING, operator(env, settings, plan))
                .uid("likelihood");
        rows.sinkTo(lines(directory.rows(), owner)).name("rows").uid("rows");
        rows.getSideOutput(Rejects.OUTPUT)
                .sinkTo(lines(directory.rejects(), owner))
                .name("rejects")
                .uid("rejects");
        if (settings.spans() != null) {
            rows.getSideOutput(SpanOutput.OUTPUT)
                    .sinkTo(lines(directory.spans(), owner))
                    .name("spans")
                    .uid("spans");
        }
    }

    private static OneInputStreamOperatorFactory<Item, String> operator(
            StreamExecutionEnvironment env, LikelihoodSettings settings, ScoringPlan plan) {
        LikelihoodOperatorFactory operator = new LikelihoodOperatorFactory(plan);
        return env instanceof LocalStreamEnvironment
                ? operator
                : new CheckedOperatorFactory<>(operator, settings.memoryNeed());
    }

    private static Source<Item, ?, ?> source(LikelihoodSettings settings) {
        return settings.topic() == null
                ? files(settings)
                : settings.topic()
                        .source(new TopicDocuments(settings.documents().maxBytes()), Types.POJO(Item.class));
    }

    private static FileSource<Item> files(LikelihoodSettings settings) {
        Path[] paths = settings.files().stream()
                .map(InputFile::uri)
                .map(uri -> new Path(URI.create(uri)))
                .toArray(Path[]::new);
        return FileSource.forBulkFileFormat(new DocumentFormat(settings.documents()), paths)
                .setFileEnumerator(new SplitPlan(settings.documents(), settings.files()))
                .build();
    }

    /** Parts are closed by size only, and go on after a restore: how many there are does not depend on checkpoints. */
    private static FencedSink<String> lines(Path directory, Owner owner) {
        FileSink<String> files = FileSink.forRowFormat(directory, new SimpleStringEncoder<String>())
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withRollingPolicy(DefaultRollingPolicy.builder()
                        .withMaxPartSize(PART_BYTES)
                        .withRolloverInterval(NEVER)
                        .withInactivityInterval(NEVER)
                        .build())
                .build();
        return new FencedSink<>(files, owner);
    }
}
