package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a run with the bundled model. */
class LikelihoodReportIT {
    @TempDir
    Path directory;

    private CommandRun likelihood(String... more) throws IOException {
        Path in = directory.resolve("lines.txt");
        Files.writeString(in, "The rain fell in torrents.\n<script>alert(1)</script> and more\nshort\n");
        List<String> args = new ArrayList<>(List.of(
                "likelihood",
                "--in",
                in.toString(),
                "--by",
                "line",
                "--out",
                directory.resolve("out").toString()));
        args.addAll(List.of(more));
        return CommandRun.of(args);
    }

    @Test
    void aReportShowsTheDocumentsAndRowsHoldNothingOfThem() throws IOException {
        CommandRun run = likelihood("--byte-logprobs", "--report");

        assertThat(run.exitCode()).as(run.err()).isZero();
        String page = Files.readString(directory.resolve("out/report.html"));
        assertThat(page.replaceAll("</?i[^>]*>", ""))
                .contains(
                        "The rain fell in torrents.", "&lt;script&gt;alert(1)&lt;/script&gt; and more", "lines.txt:1");
        assertThat(page).contains("<i class=\"a0\">").doesNotContain("<script>alert");
        assertThat(Files.readString(directory.resolve("out/scores.jsonl")))
                .contains("\"byte_logprobs\"")
                .doesNotContain("\"beginning\"");
        CommandRun without = likelihood("--byte-logprobs");
        assertThat(without.exitCode()).isNotZero();
        assertThat(without.err()).contains("another --report (then true, now none)");
    }

    @Test
    void aReportUnderlinesSpans() throws IOException {
        CommandRun run = likelihood("--spans", "words", "--report", "--compare", "tiny-en");

        assertThat(run.exitCode()).as(run.err()).isZero();
        String page = Files.readString(directory.resolve("out/report.html"));
        assertThat(page)
                .containsPattern(
                        "<span class=\"u[0-9] v[0-9]\" title=\"span: [0-9.]+ bits, [0-9.]+ by the compared model\">"
                                + " torrents[.]</span>")
                .contains("<summary>5 spans</summary>");
        assertThat(Files.readString(directory.resolve("out/spans.jsonl"))).contains("\" torrents.\"");
    }
}
