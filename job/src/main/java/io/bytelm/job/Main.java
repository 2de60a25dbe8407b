package io.bytelm.job;

import io.bytelm.job.cli.BytelmCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.apache.flink.configuration.ConfigConstants;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;

/** The command line, started with {@code java -jar bytelm.jar}. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the JVM with its exit code: 0, 1 for a failure, 2 for a wrong command line. */
    public static void main(String[] args) {
        loadFileSystems();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = BytelmCommand.run(args, out, err);
        out.flush();
        err.flush();
        System.exit(exitCode); // threads of Flink, Kafka and libtorch may still be there
    }

    /** As Flink's own programs do: plugins below FLINK_PLUGINS_DIR, with what FLINK_CONF_DIR says of them. */
    private static void loadFileSystems() {
        if (System.getenv(ConfigConstants.ENV_FLINK_PLUGINS_DIR) != null) {
            Configuration configuration = GlobalConfiguration.loadConfiguration();
            FileSystem.initialize(configuration, PluginUtils.createPluginManagerFromRootFolder(configuration));
        }
    }
}
