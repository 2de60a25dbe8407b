package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The options of the JVM that are shipped. */
class JvmOptionsTest {
    @Test
    @Timeout(60)
    void theJvmAcceptsThemAndHasAHeapOfOneSize() throws Exception {
        String flags = javaWith(Path.of("..", "configs", "jvm.options"), "-XX:+PrintFlagsFinal");

        assertThat(flags)
                .containsPattern(" InitialHeapSize +:?= 1073741824 ")
                .containsPattern(" MaxHeapSize +:?= 1073741824 ")
                .containsPattern(" AlwaysPreTouch +:?= true ");
    }

    private static String javaWith(Path options, String option) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(List.of(java, "@" + options, option, "-version"))
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }
}
