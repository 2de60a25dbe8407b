package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.TokenContext;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ModelsTogetherTest {
    /** Remembers what it was asked. */
    private static class Listening implements TrieLmService {
        final List<ExpandRequest> asked = new ArrayList<>();
        final CompletableFuture<Expansion> answer = new CompletableFuture<>();
        private final ModelIdentity identity;
        private final long tokens;
        private final StateRoom room;
        int closed;

        Listening(ModelIdentity identity, long tokens) {
            this.identity = identity;
            this.tokens = tokens;
            this.room = new StateRoom(tokens);
        }

        Listening() {
            this(ModelIdentity.UNKNOWN, 5);
        }

        @Override
        public Vocabulary vocabulary() {
            return ToyVocabulary.of("<", "a");
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            asked.add(request);
            return answer;
        }

        @Override
        public ModelIdentity identity() {
            return identity;
        }

        @Override
        public long keptTokens() {
            return tokens;
        }

        @Override
        public long contextTokens() {
            return tokens;
        }

        @Override
        public StateRoom room() {
            return room;
        }

        @Override
        public void close() {
            closed++;
        }
    }

    private static ExpandRequest request(int model) {
        return new ExpandRequest(TokenContext.startingWith(0), new byte[] {'a'}, new int[0], 0, true, 7).of(model);
    }

    @Test
    void aRequestGoesToItsModelWhichKnowsOfNoOther() {
        Listening first = new Listening();
        Listening second = new Listening();
        ModelsTogether together = new ModelsTogether(List.of(first, second));

        assertThat(together.expand(request(1))).isSameAs(second.answer);
        assertThat(together.expand(request(0))).isSameAs(first.answer);

        assertThat(second.asked).hasSize(1).allMatch(request -> request.model() == 0 && request.ahead() == 7);
        assertThat(first.asked).hasSize(1);
    }

    @Test
    void itsIdentityIsThatOfAllInTheirOrder() {
        ModelIdentity one = ModelIdentity.UNKNOWN.with("weights", "1").with("bos", "0");
        ModelIdentity two = ModelIdentity.UNKNOWN.with("weights", "2");
        ModelIdentity both = new ModelsTogether(List.of(new Listening(one, 1), new Listening(two, 1))).identity();
        ModelIdentity turned = new ModelsTogether(List.of(new Listening(two, 1), new Listening(one, 1))).identity();

        assertThat(both.items()).containsEntry("weights", "1 + 2").containsEntry("bos", "0 + -");
        assertThat(both.differences(turned)).containsExactly("bos", "weights");
        assertThat(both.differences(one)).containsExactly("bos", "weights");
    }

    @Test
    void oneModelWithRoundedStatesIsSaidBesideOthers() {
        ModelIdentity plain = ModelIdentity.UNKNOWN.with(ModelIdentity.PRECISION, "float32");
        ModelIdentity rounded = plain.with(ModelIdentity.STATE_PRECISION, "int8");

        ModelIdentity one = ModelsTogether.joined(List.of(plain, rounded));
        assertThat(one.items()).containsEntry("state precision", "float32 + int8");
        ModelIdentity none = ModelsTogether.joined(List.of(plain, plain));
        assertThat(none.items()).doesNotContainKey("state precision");
        assertThat(none.differences(one)).containsExactly("state precision");
    }

    @Test
    void itKeepsAsMuchAsTheSmallestAndReadsAsFarAsTheLongest() {
        Listening small = new Listening(ModelIdentity.UNKNOWN, 10);
        Listening large = new Listening(ModelIdentity.UNKNOWN, 20);
        ModelsTogether together = new ModelsTogether(List.of(large, small));

        assertThat(together.keptTokens()).isEqualTo(10);
        assertThat(together.contextTokens()).isEqualTo(20);
        assertThat(together.room()).isSameAs(small.room);
        assertThat(together.models()).containsExactly(large, small);
    }

    @Test
    void whatWasOpenedIsClosedWhereTheNextOneCannotBe() {
        Listening first = new Listening();
        RuntimeException failure = new IllegalStateException("no such model");
        List<ServiceSource> sources = List.of(() -> first, () -> {
            throw failure;
        });

        assertThatThrownBy(() -> ModelsTogether.open(sources)).isSameAs(failure);
        assertThat(first.closed).isEqualTo(1);
    }

    @Test
    void allAreClosedWhateverFails() {
        RuntimeException failure = new IllegalStateException("stuck");
        Listening failing = new Listening() {
            @Override
            public void close() {
                throw failure;
            }
        };
        Listening second = new Listening();

        assertThatThrownBy(() -> new ModelsTogether(List.of(failing, second)).close())
                .isSameAs(failure);
        assertThat(second.closed).isEqualTo(1);
    }
}
