package io.bytelm.job.cluster;

import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.SharedService;
import io.bytelm.service.TrieLmService;
import java.nio.file.Path;

/**
 * The hash model behind the same service as a real model.
 *
 * @param pauseMillis how long (ms) an evaluation takes
 * @param hangMarker while this file exists, the service answers nobody; empty for never
 */
record HashModelSource(long pauseMillis, String hangMarker) implements ServiceSource {
    private static final long serialVersionUID = 1;

    @Override
    public TrieLmService open() {
        return SharedService.join(this, () -> {
            TrieLmService service = EmbeddedTrieLmService.open(
                    HashModel.newVocabulary(),
                    columnOrder -> new HashModel(columnOrder, pauseMillis),
                    ServiceSettings.defaults());
            return hangMarker.isEmpty() ? service : new HangingService(service, Path.of(hangMarker));
        });
    }
}
