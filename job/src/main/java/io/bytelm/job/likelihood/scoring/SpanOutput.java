package io.bytelm.job.likelihood.scoring;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.OutputTag;

/** The operator's side output of spans. */
public final class SpanOutput {
    /** A line for each span of a document that has a score. */
    public static final OutputTag<String> OUTPUT = new OutputTag<>("spans", Types.STRING);

    private SpanOutput() {}
}
