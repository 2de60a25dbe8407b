package io.bytelm.constraint.schema.suite;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * What a suite run found.
 *
 * @param schemas lines read
 * @param compiled schemas that became constraints
 * @param refused number of other schemas by reason and keyword; of those that nothing satisfies the documents are judged too
 * @param instances documents that were judged
 * @param falseAccepts invalid documents that were accepted
 * @param falseRejects valid documents that were rejected
 * @param compileMsP50 milliseconds to compile or refuse a schema, median
 * @param compileMsP99 the same, 99th percentile
 * @param compileMsMax the same, the longest
 * @param nsPerByte mask and step of one byte within a budget of bytes, as decoding asks for them: processor time, mean over
 *     the first 3,000 documents, after some walks to warm up
 * @param maskNsMean the mask's part of it
 * @param maskNsP50 the mask of one byte within that budget, median; the clock's own time is in it
 * @param maskNsP99 the same, 99th percentile
 * @param maskNsP999 the same, 99.9th percentile
 */
public record SuiteReport(
        @JsonProperty("schemas") int schemas,
        @JsonProperty("compiled") int compiled,
        @JsonProperty("refused") Map<String, Integer> refused,
        @JsonProperty("instances") int instances,
        @JsonProperty("false_accepts") int falseAccepts,
        @JsonProperty("false_rejects") int falseRejects,
        @JsonProperty("compile_ms_p50") double compileMsP50,
        @JsonProperty("compile_ms_p99") double compileMsP99,
        @JsonProperty("compile_ms_max") double compileMsMax,
        @JsonProperty("ns_per_byte") double nsPerByte,
        @JsonProperty("mask_ns_mean") double maskNsMean,
        @JsonProperty("mask_ns_p50") double maskNsP50,
        @JsonProperty("mask_ns_p99") double maskNsP99,
        @JsonProperty("mask_ns_p999") double maskNsP999) {}
