package io.bytelm.benchmark;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.lm.PortableModel;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The beam and the trie walk of a byte, without the model: every row is in the service's cache after the first reading.
 * Times are per byte.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BeamStepBenchmark {
    private static final byte[] TEXT =
            "To Sherlock Holmes she is always the woman. I have seldom heard.".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTES = 64;

    @Param({"0.05", "0.001"})
    private double threshold;

    private Beam start;
    private EmbeddedTrieLmService service;

    @Setup
    public void readOnce() {
        Vocabulary vocabulary = Gpt2Vocabulary.read();
        service = new EmbeddedTrieLmService(
                new TokenByteTrie(vocabulary), new PortableModel(vocabulary.size()), ServiceSettings.defaults());
        start = Beam.initial(vocabulary.bosToken(), BeamParams.of(5, threshold));
        if (knownBytes().isDead() || byteByByte().isDead()) {
            throw new IllegalStateException("the beam lost the text: there is nothing to measure");
        }
    }

    @TearDown
    public void close() {
        service.close();
    }

    /** A chunk: what is known to come saves requests. */
    @Benchmark
    @OperationsPerInvocation(BYTES)
    public Beam knownBytes() {
        return start.read(TEXT).run(new ServiceAnswers(service));
    }

    /** A stream whose every byte is a record of its own. */
    @Benchmark
    @OperationsPerInvocation(BYTES)
    public Beam byteByByte() {
        ServiceAnswers answers = new ServiceAnswers(service);
        Beam beam = start;
        for (byte next : TEXT) {
            beam = beam.prune().advance(new byte[] {next}, 0).run(answers);
        }
        return beam;
    }
}
