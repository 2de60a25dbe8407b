package io.bytelm.job.kafka;

import java.io.Serializable;

/**
 * What the transactional ids of a sink begin with.
 *
 * @param name differs for any two sinks that differ in group, topics or purpose. A colon separates them: no topic's name has
 *     one, so that from the end the parts are told apart whatever the group is called
 * @param earlierName what earlier versions of this program used. There a dash separated the parts, and two jobs could have the
 *     same: (in {@code events}, out {@code prod-scores}) and (in {@code events-prod}, out {@code scores})
 */
record SinkName(String name, String earlierName) implements Serializable {
    /** @param purpose what the sink writes, a word without a colon */
    static SinkName of(KafkaSettings settings, String purpose) {
        return new SinkName(
                String.join(":", settings.group(), settings.in(), settings.out(), purpose),
                String.join("-", settings.group(), settings.in(), settings.out(), purpose));
    }
}
