package io.bytelm.session;

import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.binary.ImmutableTypeInfo;
import org.apache.flink.util.OutputTag;

/** Where input that was not processed goes. */
public final class DeadLetters {
    /** The session operator's side output; its main output holds the scores. */
    public static final OutputTag<DeadLetter> OUTPUT = new OutputTag<>("dead-letters", ImmutableTypeInfo.DEAD_LETTER);

    /** The reason of a record that the service could not answer, see {@link ServiceFailurePolicy#DEAD_LETTER}. */
    public static final String SERVICE_FAILED = "service-failed";

    /** The reason of a record at which this program failed; the exception is told with it. */
    public static final String INTERNAL_ERROR = "internal-error";

    /** The reason of a record whose score is no finite number. */
    public static final String NOT_FINITE = "not-finite";

    private DeadLetters() {}
}
