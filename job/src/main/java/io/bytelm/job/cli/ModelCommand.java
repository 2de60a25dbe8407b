package io.bytelm.job.cli;

import io.bytelm.job.ModelReport;
import io.bytelm.lm.checkpoint.ModelLocation;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what is read of a model. */
@Command(
        name = "model",
        header = "See what is read of a model, and whether it can be scored with.",
        description = {
            "Reads a model's configuration, tokenizer and the headers of its weights, in a second or two.",
            "If the model cannot be scored with, one line says why, and the exit code is 1."
        },
        footer = {"", "Example:", "  bytelm model --model DIR"})
final class ModelCommand implements Runnable {
    @Option(names = "--json", order = 2, description = "Print one line of JSON instead of a table.")
    private boolean json;

    @Mixin
    private ModelDirectory directory;

    @Mixin
    private AdapterDirectory adapter;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Path model = directory.givenOrBundled();
        ModelReport report = ModelReport.of(new ModelLocation(model, adapter.given()));
        String name = directory.given() == null ? "tiny-en" : String.valueOf(model.getFileName());
        if (json) {
            spec.commandLine().getOut().println(ModelJson.of(name, report));
        } else {
            new ModelTable(common.terminal(spec), report).print(name);
        }
    }
}
