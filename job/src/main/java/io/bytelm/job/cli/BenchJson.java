package io.bytelm.job.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.bench.BenchReport;
import io.bytelm.job.bench.BenchReport.Canonical;
import io.bytelm.job.bench.BenchReport.CanonicalSessions;
import io.bytelm.job.bench.BenchReport.Documents;
import io.bytelm.job.bench.BenchReport.Returning;
import io.bytelm.job.bench.BenchReport.Streaming;
import io.bytelm.job.bench.BenchSettings;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A benchmark's figures as one line of JSON: those of the first threshold by themselves, then all by threshold. */
final class BenchJson {
    private static final JsonFactory JSON = new JsonFactory();

    private BenchJson() {}

    static String of(BenchReport report, ModelSettings model) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            writeTokenLevel(json, report);
            writeDocuments(json, report.first());
            writeSessions(json, report.streaming(), report.prefillBytesPerSecond(), report.outsideMicrosPerByte());
            writeReturning(json, report.returning());
            writePeakRss(json, report.peakRssMegabytes());
            json.writeObjectFieldStart("by_threshold");
            for (Documents documents : report.documents()) {
                json.writeObjectFieldStart(BenchTable.threshold(documents.threshold()));
                writeDocuments(json, documents);
                json.writeEndObject();
            }
            json.writeEndObject();
            writeCanonical(json, report);
            json.writeNumberField("documents_without_canonical_tokenization", report.withoutCanonical());
            writeSettings(json, report, model);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    private static void writeTokenLevel(JsonGenerator json, BenchReport report) throws IOException {
        json.writeNumberField(
                "token_level_bytes_per_second", report.tokenLevel().bytesPerSecond());
        json.writeNumberField(
                "token_level_tokens_per_second", report.tokenLevel().tokensPerSecond());
        json.writeNumberField("canonical_tokens_per_byte", report.tokenLevel().tokensPerByte());
        json.writeNumberField("token_level_nats_per_byte", report.tokenLevel().natsPerByte());
    }

    private static void writeDocuments(JsonGenerator json, Documents documents) throws IOException {
        json.writeNumberField("document_bytes_per_second", documents.bytesPerSecond());
        json.writeNumberField("evaluations_per_byte", documents.evaluationsPerByte());
        json.writeNumberField("efficiency", documents.efficiency());
        json.writeNumberField("token_level_tokens_per_second_beside", documents.tokenLevelTokensPerSecond());
        json.writeNumberField("requests_per_pass", documents.requestsPerPass());
        json.writeNumberField("cache_hit_rate", documents.cacheHitRate());
        json.writeNumberField("model_share_of_time", documents.modelShare());
        json.writeNumberField("nats_per_byte", documents.natsPerByte());
        json.writeNumberField("document_bytes_read", documents.bytes());
    }

    private static void writeCanonical(JsonGenerator json, BenchReport report) throws IOException {
        json.writeObjectFieldStart("canonical");
        for (Canonical canonical : report.canonical()) {
            String name = canonical.everyByte()
                    ? "every_byte_defer_"
                            + BenchTable.threshold(canonical.documents().threshold())
                    : "documents";
            json.writeObjectFieldStart(name);
            writeDocuments(json, canonical.documents());
            json.writeEndObject();
        }
        CanonicalSessions sessions = report.canonicalSessions();
        if (sessions != null) {
            json.writeObjectFieldStart("sessions_defer_" + BenchTable.threshold(sessions.defer()));
            writeSessions(
                    json, sessions.streaming(), sessions.prefillBytesPerSecond(), sessions.outsideMicrosPerByte());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void writeSessions(
            JsonGenerator json, List<Streaming> streaming, double prefillBytesPerSecond, double outsideMicros)
            throws IOException {
        writeBySessions(json, "streaming_bytes_per_second", streaming, Streaming::bytesPerSecond);
        writeBySessions(json, "streaming_evaluations_per_second", streaming, Streaming::evaluationsPerSecond);
        json.writeNumberField("prefill_bytes_per_second", prefillBytesPerSecond);
        json.writeNumberField("outside_model_us_per_byte", outsideMicros);
    }

    private static void writeBySessions(
            JsonGenerator json, String name, List<Streaming> streaming, ToDoubleFunction<Streaming> figure)
            throws IOException {
        json.writeObjectFieldStart(name);
        for (Streaming measured : streaming) {
            json.writeNumberField(String.valueOf(measured.sessions()), figure.applyAsDouble(measured));
        }
        json.writeEndObject();
    }

    private static void writeReturning(JsonGenerator json, Returning returning) throws IOException {
        json.writeObjectFieldStart("returning");
        json.writeNumberField("bytes", returning.bytes());
        json.writeNumberField("tokens", returning.tokens());
        json.writeNumberField("first_score_ms", returning.firstScoreMillis());
        json.writeNumberField("passes", returning.passes());
        json.writeNumberField("token_by_token_ms", returning.walkedMillis());
        json.writeEndObject();
    }

    private static void writePeakRss(JsonGenerator json, @Nullable Double megabytes) throws IOException {
        json.writeFieldName("peak_rss_mb");
        if (megabytes == null) {
            json.writeNull();
        } else {
            json.writeNumber(megabytes.doubleValue());
        }
    }

    private static void writeSettings(JsonGenerator json, BenchReport report, ModelSettings model) throws IOException {
        BenchSettings settings = report.settings();
        json.writeObjectFieldStart("settings");
        json.writeStringField("model", model.resolvedDirectory().toString());
        json.writeStringField("device", model.engineSettings().device());
        json.writeNumberField("threads", model.engineSettings().threads());
        json.writeNumberField("max_context", model.engineSettings().maxContextTokens());
        json.writeNumberField("context_stride", model.engineSettings().contextStrideTokens());
        json.writeStringField(
                "precision", model.engineSettings().precision().name().toLowerCase(Locale.ROOT));
        json.writeStringField(
                "state_precision", model.engineSettings().statePrecision().toString());
        json.writeNumberField("state_cache_mb", model.engineSettings().stateCacheBytes() >> 20);
        json.writeNumberField("cache_mb", model.service().cacheBytes() >> 20);
        json.writeNumberField("max_batch", model.service().maxBatch());
        json.writeNumberField("linger_ms", model.service().lingerMillis());
        json.writeNumberField("vocabulary_size", report.vocabularySize());
        json.writeNumberField("k", settings.width());
        json.writeArrayFieldStart("prune");
        for (double threshold : settings.thresholds()) {
            json.writeNumber(threshold);
        }
        json.writeEndArray();
        json.writeNumberField("documents", settings.documents());
        json.writeNumberField("in_flight", settings.inFlight());
        json.writeNumberField("document_bytes", settings.documentBytes());
        json.writeNumberField("seconds_each", settings.secondsEach());
        json.writeEndObject();
    }
}
