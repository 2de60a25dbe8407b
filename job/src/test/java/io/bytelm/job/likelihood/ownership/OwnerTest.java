package io.bytelm.job.likelihood.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.likelihood.FaultyFileSystemFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the local disk, and on one that replaces a file that is to be created only where none is. */
class OwnerTest {
    private static final int CLAIMANTS = 4;
    private static final int ROUNDS = 20;

    @TempDir
    private java.nio.file.Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLastClaimIsTheOwner(boolean weak) throws IOException {
        Owner.Claim first = claim(weak, true);
        first.owner().requireCurrent();
        Owner.Claim second = claim(weak, false);
        Owner.Claim third = claim(weak, true);

        assertThat(List.of(first.leasedBefore(), second.leasedBefore(), third.leasedBefore()))
                .containsExactly(false, true, false);
        third.owner().requireCurrent();
        assertThatThrownBy(() -> second.owner().requireCurrent())
                .isInstanceOf(TakenOverException.class)
                .hasMessage("--out somewhere was taken over by another run (its number is 3, this run's is 2); this one"
                        + " stops, and what it has not published is the other's to do");
        assertThatThrownBy(() -> first.owner().requireCurrent()).isInstanceOf(TakenOverException.class);
    }

    @Test
    void aClaimThatAnotherOneReplacedIsNone() throws IOException {
        Owner owner = claim(true, true).owner();
        try (Stream<java.nio.file.Path> claims = Files.list(directory)) {
            Files.writeString(claims.findFirst().orElseThrow(), "{\"token\":\"of another run, with the same number\"}");
        }

        assertThatThrownBy(owner::requireCurrent).isInstanceOf(TakenOverException.class);
    }

    @Test
    void withItsStateGoneARunOwnsNothing() throws IOException {
        Owner owner = claim(false, true).owner();
        try (Stream<java.nio.file.Path> claims = Files.list(directory)) {
            Files.delete(claims.findFirst().orElseThrow());
        }

        assertThatThrownBy(owner::requireCurrent)
                .isInstanceOf(TakenOverException.class)
                .hasMessageContaining("its number is gone, the run is complete");
        // Another run of the same number is another one.
        claim(false, true).owner().requireCurrent();
        assertThatThrownBy(owner::requireCurrent).isInstanceOf(TakenOverException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofManyThatClaimAtOnceOneIsLeft(boolean weak) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLAIMANTS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                List<Future<Owner.Claim>> claims = new ArrayList<>();
                for (int i = 0; i < CLAIMANTS; i++) {
                    claims.add(threads.submit(() -> claim(weak, true)));
                }
                List<Owner> owners = new ArrayList<>();
                for (Future<Owner.Claim> claim : claims) {
                    owners.add(claim.get().owner());
                }
                int current = 0;
                for (Owner owner : owners) {
                    current += owner.isCurrent() ? 1 : 0;
                }
                assertThat(current).as("owners at the end of round %d", round).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aLeaseLastsUntilAFixedTimeAfterTheQuestion() throws IOException {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // the clock may run over
        Lease lease = new Lease(claim(false, true).owner(), nanos::get);
        lease.require();
        claim(false, true);

        nanos.addAndGet(Lease.DURATION.toNanos() - 1);
        lease.require();
        nanos.addAndGet(1);
        assertThatThrownBy(lease::require).isInstanceOf(TakenOverException.class);
        assertThatThrownBy(lease::require).isInstanceOf(TakenOverException.class);
    }

    @Test
    void beforeACheckpointTheOwnerIsAskedInAnyCase() throws IOException {
        Lease lease = new Lease(claim(false, true).owner(), System::nanoTime);
        lease.renew();
        claim(false, true);

        assertThatThrownBy(lease::renew).isInstanceOf(TakenOverException.class);
        assertThatThrownBy(lease::require).isInstanceOf(TakenOverException.class);
    }

    private Owner.Claim claim(boolean weak, boolean leased) throws IOException {
        return Owner.claim(
                weak ? FaultyFileSystemFactory.path(directory) : new Path(directory.toUri()), "somewhere", leased);
    }
}
