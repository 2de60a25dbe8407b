package io.bytelm.job.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.job.ModelReport;
import io.bytelm.lm.checkpoint.Attention;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.ModelSummary;
import io.bytelm.lm.checkpoint.RotaryEmbedding;
import io.bytelm.lm.djl.Precision;
import io.bytelm.lm.djl.StatePrecision;
import io.bytelm.vocab.ByteCoverage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What is read of a model, as one line of JSON. */
final class ModelJson {
    private static final JsonFactory JSON = new JsonFactory();

    private ModelJson() {}

    static String of(String name, ModelReport report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("model", name);
            writeModel(json, report);
            writeTokenizer(json, report);
            ModelSummary.MergedAdapter adapter = report.summary().adapter();
            if (adapter != null) {
                write(json, adapter);
            }
            writeStrings(json, "ignored_keys", report.summary().ignoredKeys());
            writeStrings(json, "ignored_tensors", report.summary().ignoredTensors());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    private static void writeModel(JsonGenerator json, ModelReport report) throws IOException {
        ModelConfig config = report.summary().config();
        json.writeStringField("architecture", report.summary().architecture());
        json.writeStringField("family", config.family());
        json.writeNumberField("layers", config.layers());
        json.writeNumberField("hidden_size", config.hiddenSize());
        json.writeNumberField("heads", config.heads());
        json.writeNumberField("key_value_heads", config.keyValueHeads());
        json.writeNumberField("head_dim", config.headDim());
        json.writeNumberField("feed_forward_size", config.feedForwardSize());
        ModelExperts experts = ModelExperts.of(config);
        if (experts != null) {
            write(json, experts);
        }
        json.writeObjectFieldStart("sizes_left_out");
        for (Map.Entry<String, Integer> size : config.filledIn().entrySet()) {
            json.writeNumberField(size.getKey(), size.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("parameters", report.summary().values());
        json.writeObjectFieldStart("weight_bytes");
        for (Map.Entry<Precision, Long> entry : report.weightBytes().entrySet()) {
            json.writeNumberField(entry.getKey().name().toLowerCase(Locale.ROOT), entry.getValue());
        }
        json.writeEndObject();
        json.writeNumberField(
                "state_bytes_per_token",
                Objects.requireNonNull(report.stateBytes().get(StatePrecision.FLOAT32)));
        json.writeObjectFieldStart("state_bytes_per_token_by_precision");
        for (Map.Entry<StatePrecision, Long> entry : report.stateBytes().entrySet()) {
            json.writeNumberField(entry.getKey().toString(), entry.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("context_tokens", config.maxPositions());
        json.writeArrayFieldStart("windows");
        for (Attention.Layer layer : config.attention().layers()) {
            if (layer.slides()) {
                json.writeNumber(config.attention().window());
            } else {
                json.writeNull();
            }
        }
        json.writeEndArray();
        json.writeArrayFieldStart("rope");
        for (RotaryEmbedding rotary : config.attention().rotaries()) {
            json.writeStartObject();
            json.writeNumberField("base", rotary.theta());
            json.writeNumberField("dimensions", rotary.dimensions());
            json.writeStringField("scaling", rotary.scaling().phrase());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField("alibi", config.attention().alibi() != null);
        json.writeBooleanField("tied", config.tiedEmbeddings());
        json.writeBooleanField(
                "stored_output_layer",
                !config.tiedEmbeddings() || report.summary().storedHead());
    }

    private static void writeTokenizer(JsonGenerator json, ModelReport report) throws IOException {
        json.writeStringField("tokenizer", report.tokenizer().kind());
        json.writeNumberField("tokens", report.tokenizer().tokens());
        json.writeNumberField("added_tokens", report.tokenizer().added());
        json.writeNumberField("tokens_without_row", report.tokenizer().beyond());
        json.writeNumberField("rows", report.vocabulary().size());
        json.writeNumberField("rows_without_token", report.rowsWithoutToken());
        json.writeNumberField("bos", report.vocabulary().bosToken());
        json.writeArrayFieldStart("eos");
        for (int id : report.vocabulary().eosTokens()) {
            json.writeNumber(id);
        }
        json.writeEndArray();
        json.writeStringField("normalizer", report.normalizer().phrase());
        writeBytes(json, "", report.vocabulary().coverage());
        if (report.canonicalCoverage() != null) {
            writeBytes(json, "canonical_", report.canonicalCoverage());
        }
        json.writeBooleanField("canonical_tokenizations", report.canonicalRefusal() == null);
        if (report.canonicalRefusal() != null) {
            json.writeStringField("canonical_tokenizations_refusal", report.canonicalRefusal());
        }
    }

    private static void writeBytes(JsonGenerator json, String prefix, ByteCoverage coverage) throws IOException {
        writeBytes(json, prefix + "bytes_in_no_token", coverage.bytesWith(ByteCoverage.Place.NOWHERE));
        writeBytes(
                json, prefix + "bytes_only_in_longer_tokens", coverage.bytesWith(ByteCoverage.Place.IN_LONGER_TOKENS));
    }

    private static void writeBytes(JsonGenerator json, String name, List<Integer> bytes) throws IOException {
        json.writeArrayFieldStart(name);
        for (int b : bytes) {
            json.writeNumber(b);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, ModelExperts experts) throws IOException {
        json.writeObjectFieldStart("experts");
        json.writeNumberField("count", experts.count());
        json.writeNumberField("used_per_token", experts.usedPerToken());
        json.writeNumberField("feed_forward_size", experts.size());
        json.writeNumberField("shared_feed_forward_size", experts.sharedSize());
        json.writeArrayFieldStart("layers");
        for (int layer : experts.layers()) {
            json.writeNumber(layer);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, ModelSummary.MergedAdapter adapter) throws IOException {
        json.writeObjectFieldStart("adapter");
        json.writeStringField("directory", adapter.directory().toString());
        json.writeStringField("base", adapter.base());
        json.writeNumberField("values", adapter.values());
        json.writeNumberField("changed_tensors", adapter.changed());
        writeStrings(json, "ignored_modules", adapter.ignored());
        json.writeEndObject();
    }

    private static void writeStrings(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
