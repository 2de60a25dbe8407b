package io.bytelm.job.likelihood.scoring;

import io.bytelm.job.likelihood.document.Item;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the scoring operator: items in, rows out, {@link Rejects} beside them. */
public final class LikelihoodOperatorFactory extends AbstractStreamOperatorFactory<String>
        implements OneInputStreamOperatorFactory<Item, String> {
    private static final long serialVersionUID = 1;

    private final ScoringPlan plan;

    public LikelihoodOperatorFactory(ScoringPlan plan) {
        this.plan = plan;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // Flink asks for the operator that getStreamOperatorClass names
    public <T extends StreamOperator<String>> T createStreamOperator(StreamOperatorParameters<String> parameters) {
        return (T) new LikelihoodOperator(parameters, plan);
    }

    @Override
    @SuppressWarnings("rawtypes") // as Flink declares it
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return LikelihoodOperator.class;
    }
}
