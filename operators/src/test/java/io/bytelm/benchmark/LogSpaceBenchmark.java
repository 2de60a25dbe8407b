package io.bytelm.benchmark;

import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.SymbolLogProb;
import io.bytelm.dist.Symbols;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Arithmetic on log-probabilities: a beam's five weights, a distribution's 258 symbols. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LogSpaceBenchmark {
    private double[] beamWeights;
    private double[] symbols;
    private NextByteDistribution distribution;

    @Setup
    public void draw() {
        Random random = new Random(1);
        beamWeights = random.doubles(5, -20, 0).toArray();
        symbols = random.doubles(Symbols.COUNT, -30, 0).toArray();
        distribution = NextByteDistribution.of(symbols).normalize();
    }

    @Benchmark
    public double logAdd() {
        return LogSpace.logAdd(beamWeights[0], beamWeights[1]);
    }

    @Benchmark
    public double logSumExpOfABeam() {
        return LogSpace.logSumExp(beamWeights);
    }

    @Benchmark
    public double logSumExpOfADistribution() {
        return LogSpace.logSumExp(symbols);
    }

    @Benchmark
    public NextByteDistribution normalize() {
        return NextByteDistribution.of(symbols).normalize();
    }

    @Benchmark
    public List<SymbolLogProb> topFive() {
        return distribution.top(5);
    }
}
