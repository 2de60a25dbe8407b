package io.bytelm.job.kafka;

import io.bytelm.job.UserException;
import java.util.Map;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Records that were still to be read are no longer in the topic. Every further attempt would find the same, so the job ends
 * at once.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class DeletedRecordsException extends UserException {
    private static final long serialVersionUID = 1;

    /** @param remedy what to do, as the end of the message */
    DeletedRecordsException(InvalidOffsetException cause, String remedy) {
        super(places(cause)
                + " before the job had read them: the topic keeps them for a shorter time than the job was behind,"
                + " or was created anew; " + remedy);
    }

    private static String places(InvalidOffsetException cause) {
        StringBuilder places = new StringBuilder("records were deleted");
        if (cause instanceof OffsetOutOfRangeException outOfRange) {
            String separator = " from ";
            for (Map.Entry<TopicPartition, Long> place :
                    outOfRange.offsetOutOfRangePartitions().entrySet()) {
                places.append(separator)
                        .append("topic ")
                        .append(place.getKey().topic())
                        .append(", partition ")
                        .append(place.getKey().partition())
                        .append(", offset ")
                        .append(place.getValue())
                        .append(" on");
                separator = " and from ";
            }
        } else {
            places.append(" from ").append(cause.partitions());
        }
        return places.toString();
    }
}
