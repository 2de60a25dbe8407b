package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.util.HashSet;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;

/** What is computed, and the options that only one task has. */
final class TaskOptions {
    private static final int DEFAULT_TOP = 10;

    static final ConfigOption<String> TASK = key("task")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "score (how probable the text is), next (which byte comes after it) or decode (bytes that go on"
                            + " from it and satisfy a constraint).");

    static final ConfigOption<Integer> TOP = key("top")
            .intType()
            .defaultValue(DEFAULT_TOP)
            .withDescription("How many of the most probable next symbols are listed.");

    private static final Set<ConfigOption<?>> OF_DECODING =
            union(union(ConstraintOptions.ALL, WhitespaceOptions.ALL), SamplingOptions.ALL);

    static final Set<ConfigOption<?>> ALL =
            union(Set.of(TOP, DeadEndOption.ON_DEAD_END), union(TokenizationOptions.ALL, OF_DECODING));

    private TaskOptions() {}

    /** @throws org.apache.flink.table.api.ValidationException if there is no such task, or an option is another one's */
    static Task read(GivenOptions given) {
        Task task = given.choice(TASK, Task.class);
        if (task != Task.SCORE) {
            given.refuseAll(Set.of(DeadEndOption.ON_DEAD_END), "is for 'task' = 'score'");
        }
        if (task != Task.NEXT) {
            given.refuseAll(Set.of(TOP), "is for 'task' = 'next'");
        }
        if (task != Task.DECODE) {
            given.refuseAll(OF_DECODING, "is for 'task' = 'decode'");
        }
        return task;
    }

    static Set<ConfigOption<?>> union(Set<ConfigOption<?>> some, Set<ConfigOption<?>> others) {
        Set<ConfigOption<?>> all = new HashSet<>(some);
        all.addAll(others);
        return Set.copyOf(all);
    }
}
