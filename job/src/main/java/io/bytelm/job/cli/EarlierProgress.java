package io.bytelm.job.cli;

import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.KafkaSettings;
import java.util.Optional;

/** What a job of the same group has done before a start that does not resume its state. */
final class EarlierProgress {
    private EarlierProgress() {}

    /**
     * What this start makes of it.
     *
     * @return empty if the group has not read the topic yet
     */
    static Optional<String> warningOf(KafkaSettings kafka) {
        boolean isNew = new BrokerCheck(kafka.bootstrap(), kafka.clientProperties())
                .committedOffsets(kafka.group(), kafka.in())
                .isEmpty();
        return isNew
                ? Optional.empty()
                : Optional.of("group '" + kafka.group() + "' has read topic '" + kafka.in()
                        + "' before, and this start resumes no state: " + consequence(kafka)
                        + ". To go on where the earlier job stopped, start with --resume-from and its last checkpoint"
                        + " or savepoint" + alternative(kafka) + ".");
    }

    private static String consequence(KafkaSettings kafka) {
        return switch (kafka.start()) {
            case COMMITTED ->
                "it begins at the committed offsets, and sessions that are under way begin anew in the middle of their"
                        + " texts";
            case ANSWERED ->
                "it begins behind the last record that a score answers, records before it that no score answers yet are"
                        + " passed over, and sessions that are under way begin anew in the middle of their texts";
            case EARLIEST -> "everything is scored again, and written to topic '" + kafka.out() + "' a second time";
            case LATEST -> "what came since the earlier job stopped is skipped, and sessions begin anew";
        };
    }

    private static String alternative(KafkaSettings kafka) {
        return kafka.start() == KafkaSettings.Start.EARLIEST
                ? ""
                : "; to score everything again, with --start earliest and another --out";
    }
}
