package io.bytelm.service.grpc;

import io.bytelm.lm.ModelIdentity;
import io.bytelm.service.grpc.proto.Description;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one model that all endpoints of a client must have: that of the first of them that said what it is. For the loop. */
final class CommonModel {
    private @Nullable Named first;

    /** What an endpoint said. */
    private record Named(ServiceAddress address, Description description) {}

    /**
     * What the endpoints that are there have in common.
     *
     * @param endpoint one of them
     * @param keptTokens of all of them together
     */
    record Found(Endpoint endpoint, ModelIdentity identity, long keptTokens, long contextTokens) {}

    /** How many tokens these keep the states of, all together; {@link Long#MAX_VALUE} if one does not say. */
    static long keptTokens(List<Endpoint> endpoints) {
        long sum = 0;
        for (Endpoint endpoint : endpoints) {
            sum = Math.min(sum, Long.MAX_VALUE - endpoint.keptTokens()) + endpoint.keptTokens();
        }
        return sum;
    }

    /** Why an endpoint cannot be used beside the first one, in one line; null if it can. */
    @Nullable
    String objection(ServiceAddress address, Description said) {
        if (first == null) {
            first = new Named(address, said);
            return null;
        }
        ModelIdentity expected = WireDescription.identity(first.description());
        ModelIdentity here = WireDescription.identity(said);
        List<String> differences = expected.differences(here);
        if (!differences.isEmpty()) {
            return "it is another model than the one at " + first.address() + ": " + here.described(differences)
                    + " instead of " + expected.described(differences);
        }
        return said.getVocabularySize() == first.description().getVocabularySize()
                ? null
                : "it has " + said.getVocabularySize() + " token ids, but the one at " + first.address() + " has "
                        + first.description().getVocabularySize();
    }

    /** @param ready not empty */
    static Found foundAt(List<Endpoint> ready) {
        long contextTokens = Long.MAX_VALUE;
        for (Endpoint endpoint : ready) {
            Description said = endpoint.description();
            if (said != null && said.hasContextTokens()) {
                contextTokens = Math.min(contextTokens, said.getContextTokens());
            }
        }
        Description one = ready.get(0).description();
        ModelIdentity identity = one == null ? ModelIdentity.UNKNOWN : WireDescription.identity(one);
        return new Found(ready.get(0), identity, keptTokens(ready), contextTokens);
    }
}
