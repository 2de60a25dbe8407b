package io.bytelm.session;

import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.binary.ImmutableTypeInfo;
import org.apache.flink.util.OutputTag;

/** Where alerts go. */
public final class Alerts {
    /** The session operator's side output of {@link io.bytelm.record.Alert}s. */
    public static final OutputTag<Result> OUTPUT = new OutputTag<>("alerts", ImmutableTypeInfo.RESULT);

    private Alerts() {}
}
