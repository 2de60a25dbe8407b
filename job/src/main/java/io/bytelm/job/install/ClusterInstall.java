package io.bytelm.job.install;

import io.bytelm.job.UserException;
import io.bytelm.job.install.LibPlan.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Copies the engine's jars into a Flink distribution, and says what it put where. */
public final class ClusterInstall {
    private final EngineJars engine;
    private final Consumer<String> lines;

    ClusterInstall(EngineJars engine, Consumer<String> lines) {
        this.engine = engine;
        this.lines = lines;
    }

    /** The jars of the build that this program is a part of. */
    public static ClusterInstall ofThisBuild(Consumer<String> lines) {
        EngineJars engine = EngineJars.ofThisBuild();
        engine.requireBuiltFor(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        return new ClusterInstall(engine, lines);
    }

    /**
     * @param flinkHome the directory with bin/, conf/ and lib/
     * @param mayReplace asked once, after the plan was shown, if jars that are there have to go
     * @throws UserException if there is no Flink, one of another version, or nothing may be replaced
     */
    public void into(Path flinkHome, BooleanSupplier mayReplace) {
        FlinkDistribution flink = FlinkDistribution.in(flinkHome);
        try {
            LibPlan plan = LibPlan.of(engine, flink);
            lines.accept("Flink " + flink.version() + ", " + flink.lib());
            plan.changes().forEach(this::show);
            if (plan.replaces() && !mayReplace.getAsBoolean()) {
                throw new UserException("nothing was changed: " + flink.lib()
                        + " holds other versions of these jars; --yes replaces them");
            }
            plan.carryOut();
        } catch (IOException e) {
            throw new UserException(
                    "cannot write to " + flink.lib() + " (" + e + "); run this as a user who may, with Flink stopped",
                    e);
        }
        lines.accept("Start Flink (again), then submit " + engine.jobJar() + " as often as you like:");
        lines.accept("  " + flinkHome.resolve("bin/flink") + " run --detached " + engine.jobJar() + " score --help");
    }

    private void show(Change change) {
        List<String> replaced = change.replaced();
        String what = replaced.isEmpty()
                ? change.isThere() ? "is there  " : "new       "
                : "replaces  " + String.join(", ", replaced) + " by ";
        lines.accept("  " + what + change.fileName());
    }
}
