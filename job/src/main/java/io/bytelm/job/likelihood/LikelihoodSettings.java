package io.bytelm.job.likelihood;

import io.bytelm.combine.Combination;
import io.bytelm.job.JobModel;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.check.MemoryNeed;
import io.bytelm.job.kafka.TopicRange;
import io.bytelm.job.likelihood.document.DocumentSettings;
import io.bytelm.job.likelihood.document.InputFile;
import io.bytelm.job.likelihood.report.RowWriter;
import io.bytelm.job.likelihood.scoring.CanonicalScoring;
import io.bytelm.job.likelihood.scoring.ScoringPlan;
import io.bytelm.job.likelihood.scoring.Windows;
import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.ServiceSource;
import io.bytelm.span.SpanKind;
import io.bytelm.span.SpanRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a run is told.
 *
 * @param model what scores
 * @param comparedModel what scores the same bytes again; null for no comparison
 * @param files what is scored, unless a topic is
 * @param topic what is scored instead of files
 * @param documents what a document of a file is
 * @param beam how beams are kept
 * @param canonical how canonical tokenizations are followed; null for a beam over all
 * @param windows how long documents are scored
 * @param rows what rows have and how they are written
 * @param spans into what documents are split for a row each; null for nothing
 * @param inFlight how many windows the subtasks of one process score at the same time, all together
 * @param inFlightBytes how many bytes of documents a subtask holds, one longer document excepted
 * @param output the directory of the results, a path or a URI of any of Flink's file systems
 */
public record LikelihoodSettings(
        JobModel model,
        @Nullable JobModel comparedModel,
        List<InputFile> files,
        @Nullable TopicRange topic,
        DocumentSettings documents,
        SessionDefaults beam,
        @Nullable CanonicalScoring canonical,
        Windows windows,
        RowWriter.Plan rows,
        @Nullable SpanRule spans,
        int inFlight,
        long inFlightBytes,
        String output) {
    public LikelihoodSettings {
        files = List.copyOf(files);
    }

    /** The models that score, one after another. */
    public List<JobModel> models() {
        return comparedModel == null ? List.of(model) : List.of(model, comparedModel);
    }

    /** The length of all files; 0 for a topic. */
    public long inputBytes() {
        return files.stream().mapToLong(InputFile::length).sum();
    }

    /** What the job needs of each TaskManager; the first model may still be open when the second one is. */
    public MemoryNeed memoryNeed() {
        MemoryNeed need = model.memoryNeed(inFlightBytes);
        return comparedModel == null ? need : need.and(comparedModel.memoryNeed(inFlightBytes));
    }

    /** @param combination how several models are combined; null of one */
    ScoringPlan plan(ServiceSource scoring, @Nullable Combination combination) {
        return new ScoringPlan(
                scoring,
                beam,
                canonical,
                windows,
                rows.byteLogProbs(),
                rows.report(),
                spans,
                inFlight,
                inFlightBytes,
                rows.normalizes(),
                combination);
    }

    /**
     * All that results depend on, by the name of the option, as text: two runs with the same of these have the same rows.
     * Reads the models' files.
     */
    Map<String, String> ofResults() {
        Map<String, String> named = new LinkedHashMap<>(model.ofResults());
        if (comparedModel != null) {
            named.put("compare", comparedModel.ofResults().getOrDefault(ModelSettings.MODEL, ""));
        }
        named.put("in", topic == null ? InputFingerprint.of(files) : named(topic));
        named.put("format", word(documents.format()));
        named.put("by", word(documents.unit()));
        named.put("id-field", documents.idField());
        named.put("text-field", documents.textField());
        named.put("max-document-bytes", Integer.toString(documents.maxBytes()));
        if (documents.zstdWindowLog() != DocumentSettings.USUAL_ZSTD_WINDOW_LOG) {
            named.put("zstd-long", Integer.toString(documents.zstdWindowLog())); // absent in runs that began without it
        }
        if (canonical == null) {
            putBeam(named); // which tokenizations are read is absent in runs that began when there were only all
        } else {
            named.put("tokenizations", "canonical");
            named.put("defer", Double.toString(canonical.defer()));
        }
        if (rows.normalizes()) {
            named.put("normalize", "true"); // absent in runs that read documents as they come
        }
        if (beam.onDeadEnd() == OnDeadEnd.RESTART) {
            named.put("on-dead-end", beam.onDeadEnd().label()); // absent in runs that stop there
        }
        named.put("eos", String.join(",", beam.eosTokensHex()));
        named.put("dummy-prefix", Boolean.toString(beam.dummyPrefix()));
        named.put("window-bytes", Integer.toString(windows.windowBytes()));
        named.put("stride-bytes", Integer.toString(windows.strideBytes()));
        named.put("byte-logprobs", Boolean.toString(rows.byteLogProbs()));
        named.put("out-format", word(rows.format()));
        if (rows.report()) {
            named.put("report", "true"); // absent in runs without it
        }
        if (spans != null) { // absent in runs without
            boolean isRegex = spans.kind() == SpanKind.REGEX;
            named.put(
                    "spans", isRegex ? "regex:" + spans.pattern() : spans.kind().label());
            named.put("span-space", spans.space().label());
        }
        return named;
    }

    private void putBeam(Map<String, String> named) {
        named.put("k", Integer.toString(beam.width()));
        named.put("prune", Double.toString(beam.pruneThreshold()));
        named.put("heal", Boolean.toString(beam.heal()));
        named.put("heal-max-backoff", Integer.toString(beam.healMaxBackoff()));
        named.put("heal-max-splits", Integer.toString(beam.healMaxSplits()));
    }

    private static String named(TopicRange range) {
        return "topic " + range.topic() + " at " + range.bootstrap() + ", from " + range.from() + " to " + range.to();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }
}
