package io.bytelm.job.likelihood.scoring;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.OutputTag;

/** The operator's side output. */
public final class Rejects {
    /** A line for each document that has no score. */
    public static final OutputTag<String> OUTPUT = new OutputTag<>("rejects", Types.STRING);

    private Rejects() {}
}
