package io.bytelm.job.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import io.bytelm.service.ServiceSettings;
import java.net.URL;
import java.util.Optional;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of a job on a TaskManager whose lib directory misses the jar that all jobs share. */
class PackedTest {
    /** Knows all classes but those of the model service. */
    private static final class WithoutService extends ClassLoader {
        WithoutService() {
            super(PackedTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.bytelm.service.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }

        @Override
        public @Nullable URL getResource(String name) {
            return name.startsWith("io/bytelm/service/") ? null : super.getResource(name);
        }
    }

    @Test
    void whatIsPackedComesOutEqual() {
        ServiceSettings settings = ServiceSettings.defaults();

        assertThat(new Packed<>(settings).unpack(PackedTest.class.getClassLoader()))
                .isEqualTo(settings);
    }

    @Test
    void aMissingClassEndsTheJobWithOneLine() {
        Packed<ServiceSettings> packed = new Packed<>(ServiceSettings.defaults());

        assertThatThrownBy(() -> packed.unpack(new WithoutService()))
                .isInstanceOf(SuppressRestartsException.class)
                .cause()
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Flink's lib directory has no bytelm-engine.jar; run java -jar bytelm.jar install --flink DIR on"
                                + " every machine of the cluster and on this one, and start Flink again");
    }

    @Test
    void aWholeInstallationGivesNoComplaint() {
        assertThat(SharedJars.complaint(PackedTest.class.getClassLoader())).isEmpty();
    }

    @Test
    void anotherVersionIsNamed() {
        assertThat(SharedJars.otherVersion("0.2.0", "0.2.0")).isEmpty();
        assertThat(SharedJars.otherVersion("0.2.0", "0.1.0"))
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith("Flink's lib directory holds bytelm-engine.jar of version 0.1.0, but this job is of"
                                + " version 0.2.0; run java -jar bytelm.jar install --flink DIR"));
        assertThat(SharedJars.otherVersion(null, "0.1.0")).isEqualTo(Optional.empty());
    }
}
