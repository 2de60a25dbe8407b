package io.bytelm.job.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bytelm.constraint.schema.SchemaOptions;
import io.bytelm.constraint.schema.SchemaOptions.Formats;
import io.bytelm.constraint.schema.suite.SchemaSuite;
import io.bytelm.constraint.schema.suite.SuiteReport;
import io.bytelm.job.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs compiled JSON Schemas against documents that are known to be valid or not, or draws outputs of one constraint. */
@Command(
        name = "constraints",
        description = {
            "Compiles JSON Schemas to byte-level constraints and walks documents through them.",
            "Prints one JSON object. --suite: schemas, compiled, refused (by reason and keyword), instances, false_accepts,",
            "false_rejects, compile_ms_p50/p99/max, ns_per_byte (mask and step of one byte, processor time) and",
            "mask_ns_mean/p50/p99/p999 (the mask alone), as decoding asks for them: with a budget of as many bytes as",
            "the document has, and of twice as many, that falls with each byte.",
            "--constraint: fewest_bytes of an output, and of outputs that are drawn at random within a byte budget: walks,",
            "complete, bytes, mask_ns_mean, mask_ns_p50, mask_ns_p999; ignored: what a lenient schema leaves out."
        },
        footer = {
            "",
            "Example:",
            "  bytelm constraints --suite maskbench.jsonl --findings",
            "  bytelm constraints --constraint configs/constraint-tools.json"
        })
final class ConstraintsCommand implements Runnable {
    @Option(
            names = "--suite",
            paramLabel = "FILE",
            description = "JSON lines {\"name\",\"schema\",\"tests\":[{\"data\",\"valid\"}]}.")
    private @Nullable Path suite;

    @Option(
            names = "--constraint",
            paramLabel = "FILE",
            description = "One constraint instead: a JSON object with a kind, as for decode.")
    private @Nullable Path constraint;

    @Option(
            names = "--formats",
            paramLabel = "HOW",
            defaultValue = "by_draft",
            description = {
                "What \"format\" does: assert, annotate, or by_draft, which asserts it up to draft-07 and in schemas",
                "without $$schema. Default: ${DEFAULT-VALUE}."
            })
    private Formats formats;

    @Option(names = "--findings", description = "Print each refusal and each wrong answer to the error stream.")
    private boolean printFindings;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        if (suite != null && constraint == null) {
            print(suiteReport(suite));
        } else if (constraint != null && suite == null) {
            print(ConstraintWalks.of(ConstraintOptions.compiledFile(constraint)));
        } else {
            throw new UserException("give --suite or --constraint, one of them");
        }
    }

    private void print(Object report) {
        try {
            spec.commandLine().getOut().println(JsonMapper.builder().build().writeValueAsString(report));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private SuiteReport suiteReport(Path file) {
        PrintWriter err = spec.commandLine().getErr();
        Consumer<String> findings = printFindings ? err::println : finding -> {};
        SchemaSuite run = new SchemaSuite(SchemaOptions.VALIDATION.withFormats(formats), findings);
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            return run.run(lines);
        } catch (IOException e) {
            throw new UserException("--suite " + file + ": cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new UserException("--suite " + file + ": " + e.getMessage(), e);
        }
    }
}
