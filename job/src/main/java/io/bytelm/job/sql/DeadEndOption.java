package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.SessionDefaults;
import org.apache.flink.configuration.ConfigOption;

/** What becomes of a text that cannot be read on: the option of the command line. */
final class DeadEndOption {
    static final ConfigOption<String> ON_DEAD_END = key("on-dead-end")
            .stringType()
            .defaultValue(OnDeadEnd.STOP.label())
            .withDescription(
                    "What becomes of a text where no way to read it goes on: stop (it has no result), or restart: it"
                            + " is read on, with other tokenizations or without the byte.");

    private DeadEndOption() {}

    /** @throws org.apache.flink.table.api.ValidationException if there is no such choice */
    static SessionDefaults applyTo(SessionDefaults defaults, GivenOptions given) {
        return defaults.withOnDeadEnd(given.choice(ON_DEAD_END, OnDeadEnd.class));
    }
}
