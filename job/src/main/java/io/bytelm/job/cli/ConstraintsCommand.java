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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs compiled JSON Schemas against documents that are known to be valid or not. */
@Command(
        name = "constraints",
        description = {
            "Compiles JSON Schemas to byte-level constraints and walks documents through them.",
            "Prints one JSON object: schemas, compiled, refused (by reason and keyword), instances, false_accepts,",
            "false_rejects, compile_ms_p50/p99, ns_per_byte (mask and step of one byte, processor time) and",
            "mask_ns_mean/p50/p99/p999 (the mask alone), as decoding asks for them: with a budget of as many bytes as",
            "the document has, and of twice as many, that falls with each byte."
        },
        footer = {"", "Example:", "  bytelm constraints --suite maskbench.jsonl --findings"})
final class ConstraintsCommand implements Runnable {
    @Option(
            names = "--suite",
            paramLabel = "FILE",
            required = true,
            description = "JSON lines {\"name\",\"schema\",\"tests\":[{\"data\",\"valid\"}]}.")
    private Path suite;

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
        PrintWriter err = spec.commandLine().getErr();
        Consumer<String> findings = printFindings ? err::println : finding -> {};
        SchemaSuite run = new SchemaSuite(SchemaOptions.VALIDATION.withFormats(formats), findings);
        try (BufferedReader lines = Files.newBufferedReader(suite)) {
            spec.commandLine().getOut().println(json(run.run(lines)));
        } catch (IOException e) {
            throw new UserException("--suite " + suite + ": cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new UserException("--suite " + suite + ": " + e.getMessage(), e);
        }
    }

    private static String json(SuiteReport report) throws JsonProcessingException {
        return JsonMapper.builder().build().writeValueAsString(report);
    }
}
