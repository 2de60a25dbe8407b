package io.bytelm.job.check;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What every job of a process shares is in no job's jar: it lies in Flink's lib directory, and must be of the same build.
 * This class needs nothing of it.
 */
public final class SharedJars {
    private static final String SERVICE = "io.bytelm.service.SharedService";
    private static final String REMEDY =
            "; run java -jar bytelm.jar install --flink DIR on every machine of the cluster and on this one, and start Flink"
                    + " again";

    private record Jar(String name, String content) {}

    private static final List<Jar> JARS = List.of(
            new Jar("bytelm-engine.jar", classFile(SERVICE)),
            new Jar("api-VERSION.jar of DJL", classFile("ai.djl.engine.Engine")),
            new Jar("pytorch-engine-VERSION.jar", classFile("ai.djl.pytorch.engine.PtEngineProvider")),
            new Jar("tokenizers-VERSION.jar", classFile("ai.djl.huggingface.tokenizers.HuggingFaceTokenizer")));

    private SharedJars() {}

    /**
     * What is wrong with them in this process.
     *
     * @param loader of the job's classes
     * @return one sentence with the remedy; empty if all are there
     */
    public static Optional<String> complaint(ClassLoader loader) {
        for (Jar jar : JARS) {
            if (loader.getResource(jar.content()) == null) {
                return Optional.of("Flink's lib directory has no " + jar.name() + REMEDY);
            }
        }
        try {
            String shared = Class.forName(SERVICE, false, loader).getPackage().getImplementationVersion();
            return otherVersion(SharedJars.class.getPackage().getImplementationVersion(), shared);
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.of(brokenBy(e));
        }
    }

    /** Classes that come from no jar have no version. */
    static Optional<String> otherVersion(@Nullable String job, @Nullable String shared) {
        return job == null || shared == null || job.equals(shared)
                ? Optional.empty()
                : Optional.of("Flink's lib directory holds bytelm-engine.jar of version " + shared
                        + ", but this job is of version " + job + REMEDY);
    }

    /** One sentence about a class that is missing, or is another one than that which the job was built with. */
    public static String brokenBy(Throwable failure) {
        return "the model service cannot be loaded (" + failure
                + "): Flink's lib directory misses a jar of flink-lib, or has two versions of one" + REMEDY;
    }

    private static String classFile(String name) {
        return name.replace('.', '/') + ".class";
    }
}
