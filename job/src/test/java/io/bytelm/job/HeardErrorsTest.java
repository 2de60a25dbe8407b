package io.bytelm.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import org.junit.jupiter.api.Test;

class HeardErrorsTest {
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final HeardErrors errors = new HeardErrors(new PrintStream(heard, true, UTF_8));
    private final PrintWriter writer = new PrintWriter(errors, true);

    @Test
    void aWarningIsHeardWhileTheCommandGoesOnAndIsNoError() {
        writer.println("bytelm: warning: slots: too few");

        assertThat(heard.toString(UTF_8).strip()).isEqualTo("bytelm: warning: slots: too few");
        assertThat(errors.error()).isEmpty();
    }

    @Test
    void theErrorIsTheLineThatIsNone() {
        writer.println("bytelm: warning: slots: too few");
        writer.println("bytelm: no such model");

        assertThat(heard.toString(UTF_8)).contains("too few", "no such model");
        assertThat(errors.error()).isEqualTo("bytelm: no such model");
    }
}
