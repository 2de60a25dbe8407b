package io.bytelm.job.cluster;

import java.util.UUID;
import java.util.function.Supplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesUtils;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalListener;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.jspecify.annotations.Nullable;

/** The REST address of the leading JobManager, as it stands in ZooKeeper. */
final class LeaderAddress implements Supplier<String>, AutoCloseable {
    private static final String NOBODY = "http://nobody.invalid";

    private final ClientHighAvailabilityServices services;
    private final LeaderRetrievalService retrieval;
    private volatile String address = NOBODY;

    /** @param configuration names the ZooKeeper quorum */
    LeaderAddress(Configuration configuration) throws Exception {
        this.services = HighAvailabilityServicesUtils.createClientHAService(configuration, failure -> {});
        this.retrieval = services.getClusterRestEndpointLeaderRetriever();
        retrieval.start(new LeaderRetrievalListener() {
            @Override
            public void notifyLeaderAddress(@Nullable String leader, @Nullable UUID session) {
                address = leader == null ? NOBODY : leader;
            }

            @Override
            public void handleError(Exception failure) {
                address = NOBODY;
            }
        });
    }

    @Override
    public String get() {
        return address;
    }

    @Override
    public void close() throws Exception {
        retrieval.stop();
        services.close();
    }
}
