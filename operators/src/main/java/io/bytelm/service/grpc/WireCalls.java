package io.bytelm.service.grpc;

import com.google.protobuf.ByteString;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.batch.Terms;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.grpc.proto.Context;
import io.bytelm.service.grpc.proto.ExpandCall;

/** {@link ExpandRequest}s on the wire. */
final class WireCalls {
    /** What a client may ask for beyond a path; more is as good as this. */
    private static final int MOST_AHEAD = 64;

    private WireCalls() {}

    /** @param context the request's, as the stream's server knows it */
    static ExpandCall of(long id, ExpandRequest request, Context context, Terms terms, int maxPathBytes) {
        ExpandCall.Builder call = ExpandCall.newBuilder()
                .setId(id)
                .setContext(context)
                .setPath(ByteString.copyFrom(request.path(), 0, Math.min(request.path().length, maxPathBytes)))
                .setSilencesSpecials(request.silencesSpecials())
                .setSession(terms.session());
        for (int token : request.eosTokens()) {
            call.addEosTokens(token);
        }
        if (request.rowsFrom() != ExpandRequest.NO_ROWS) {
            call.setRowsFrom(Math.max(0, request.rowsFrom()));
        }
        if (request.ahead() > 0) {
            call.setAhead(request.ahead());
        }
        if (terms.patienceMillis() <= Integer.MAX_VALUE) {
            call.setPatienceMillis((int) terms.patienceMillis());
        }
        return call.build();
    }

    /**
     * @param context what the call's context means
     * @throws MalformedMessageException if it is no request
     */
    static ExpandRequest read(ExpandCall call, TokenContext context, StreamLimits limits)
            throws MalformedMessageException {
        if (call.getPath().size() > limits.maxPathBytes()) {
            throw new MalformedMessageException("a path of " + call.getPath().size() + " bytes; "
                    + limits.maxPathBytes() + " are the most, and none is of use beyond the longest token");
        }
        int[] eosTokens =
                call.getEosTokensList().stream().mapToInt(Integer::intValue).toArray();
        for (int i = 1; i < eosTokens.length; i++) {
            if (eosTokens[i] <= eosTokens[i - 1]) {
                throw new MalformedMessageException(
                        "EOS tokens that do not ascend: " + eosTokens[i - 1] + ", " + eosTokens[i]);
            }
        }
        int rowsFrom = call.hasRowsFrom() && call.getRowsFrom() >= 0 ? call.getRowsFrom() : ExpandRequest.NO_ROWS;
        return new ExpandRequest(
                context,
                call.getPath().toByteArray(),
                eosTokens,
                rowsFrom,
                call.getSilencesSpecials(),
                call.getAhead() < 0 ? MOST_AHEAD : Math.min(MOST_AHEAD, call.getAhead()));
    }

    static Terms terms(ExpandCall call, long client) {
        int patienceMillis = call.getPatienceMillis();
        return new Terms(client, call.getSession(), patienceMillis > 0 ? patienceMillis : Long.MAX_VALUE);
    }
}
