package io.bytelm.job.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.check.CheckLine.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** What is said of Flink's own default for a TaskManager, and of one that was set up as the lines say. */
class MemoryCheckTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final MemoryNeed SMALL_MODEL =
            new MemoryNeed(60 * MEBIBYTE, 512 * MEBIBYTE, 256 * MEBIBYTE, 64 * MEBIBYTE);
    private static final Map<String, String> STOCK = Map.of("taskmanager.memory.process.size", "1728m");

    private static List<CheckLine> lines(Map<String, String> taskManager, int jobs) {
        return new MemoryCheck(SMALL_MODEL, ProcessMemory.of(Configuration.fromMap(taskManager)), jobs).lines();
    }

    @Test
    void aStockTaskManagerIsToldWhichOptionsToSetForOneJob() {
        assertThat(lines(STOCK, 1))
                .containsExactly(
                        CheckLine.warning(
                                "heap",
                                "a TaskManager's tasks have 384 MiB of Java's heap and need 576 (twice --cache-mb 256, and 64"
                                        + " for each of 1 slots); set taskmanager.memory.task.heap.size: 576m, or a"
                                        + " smaller --cache-mb"),
                        CheckLine.warning(
                                "off-heap",
                                "a TaskManager leaves 0 MiB outside the heap, and the model takes up to 1072 (weights 60,"
                                        + " --state-cache-mb 512, engine 500); set taskmanager.memory.task.off-heap.size:"
                                        + " 1088m"),
                        CheckLine.ok(
                                "metaspace",
                                "a TaskManager has 256 MiB for classes, and this job needs "
                                        + MemoryNeed.metaspaceBytes(1) / MEBIBYTE),
                        CheckLine.warning(
                                "memory",
                                "sizes that fit together, in Flink's config.yaml: taskmanager.memory.task.heap.size: 576m,"
                                        + " taskmanager.memory.task.off-heap.size: 1088m,"
                                        + " taskmanager.memory.jvm-metaspace.size: 256m, taskmanager.memory.managed.size: 128m,"
                                        + " taskmanager.memory.process.size: 2816m"));
    }

    @Test
    void theSizesThatFitTogetherAreEnough() {
        for (int slots = 1; slots <= 8; slots *= 2) {
            for (int jobs = 1; jobs <= 32; jobs *= 2) {
                Map<String, String> taskManager = new HashMap<>(STOCK);
                taskManager.put("taskmanager.numberOfTaskSlots", Integer.toString(slots));
                List<CheckLine> before = lines(taskManager, jobs);
                String sizes = before.get(before.size() - 1).text();
                for (String size :
                        sizes.substring(sizes.indexOf("taskmanager.")).split(", ")) {
                    taskManager.put(size.split(": ")[0], size.split(": ")[1]);
                }

                assertThat(lines(taskManager, jobs)).allMatch(line -> line.verdict() == Verdict.OK);
            }
        }
    }

    @Test
    void moreJobsOfOneModelNeedMoreForClassesAndASlotEach() {
        assertThat(lines(
                        Map.of(
                                "taskmanager.memory.managed.size", "128m",
                                "taskmanager.memory.task.off-heap.size", "1088m",
                                "taskmanager.memory.task.heap.size", "576m",
                                "taskmanager.numberOfTaskSlots", "2"),
                        20))
                .extracting(CheckLine::text)
                .anySatisfy(text -> assertThat(text)
                        .contains("64 for each of 2 slots); set taskmanager.memory.task.heap.size: 640m"))
                .anySatisfy(text -> assertThat(text)
                        .contains("the 20 jobs of this kind need " + MemoryNeed.metaspaceBytes(20) / MEBIBYTE)
                        .contains("set taskmanager.memory.jvm-metaspace.size: "));
    }

    @Test
    void twoModelsThatAreOpenTogetherAddUp() {
        MemoryNeed both = SMALL_MODEL.and(SMALL_MODEL);

        assertThat(both.offHeapBytes()).isEqualTo((2 * 60 + 2 * 512 + 500) * MEBIBYTE);
        assertThat(both.heapBytes(2)).isEqualTo((4 * 256 + 2 * 64) * MEBIBYTE);
    }
}
