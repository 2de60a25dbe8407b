package io.bytelm.job.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.EngineSettings;
import io.bytelm.job.ModelSettings;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.djl.Precision;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who gives up and asks again gets what others get. */
class ImpatientServiceTest {
    private static final int REQUESTS = 400;

    @Test
    void everyRequestIsAnsweredInTheEndAndSomeWereGivenUp() {
        ModelSettings settings = new ModelSettings(
                null, new EngineSettings("cpu", 1, 0, 0, 64 << 20, Precision.FLOAT32), ServiceSettings.defaults());
        Random random = new Random(5);
        List<ExpandRequest> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            TokenContext context = TokenContext.of(0, random.nextInt(4000), random.nextInt(4000));
            requests.add(new ExpandRequest(context, new byte[] {'a'}, new int[0], 0));
        }
        try (BenchModel model = new BenchModel(settings);
                EmbeddedTrieLmService service = model.serviceOver(new MeasuredModel(model.withEmptyCache()))) {
            ImpatientService impatient = new ImpatientService(service);
            List<CompletableFuture<Expansion>> answers =
                    requests.stream().map(impatient::expand).toList();
            for (int i = 0; i < REQUESTS; i++) {
                Expansion expected = service.expand(requests.get(i)).join();
                assertThat(answers.get(i).join().rows()[0]).containsExactly(expected.rows()[0]);
            }
            assertThat(impatient.cancelled()).isPositive();
            assertThat(impatient.late()).isPositive();
        }
    }
}
