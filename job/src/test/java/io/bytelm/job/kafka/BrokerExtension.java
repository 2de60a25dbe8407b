package io.bytelm.job.kafka;

import static java.util.Objects.requireNonNull;

import io.bytelm.job.TemporaryDirectory;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A broker with settings of its own choice, for all tests of a class; its directory goes with it. */
public final class BrokerExtension implements BeforeAllCallback, AfterAllCallback {
    private @Nullable TemporaryDirectory directory;
    private @Nullable EmbeddedKafka broker;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        directory = TemporaryDirectory.create("bytelm-broker-");
        broker = EmbeddedKafka.start(directory.path().resolve("kafka"));
    }

    /** Its address, {@code host:port}. */
    public String bootstrap() {
        return requireNonNull(broker, "the broker runs with the tests of its class")
                .bootstrap();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (broker != null) {
            broker.close();
        }
        if (directory != null) {
            directory.close();
        }
    }
}
