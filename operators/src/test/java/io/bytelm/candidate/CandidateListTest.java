package io.bytelm.candidate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CandidateListTest {
    private static List<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(UTF_8)).toList();
    }

    @Test
    void aListWithoutCandidatesIsRefused() {
        assertThatThrownBy(() -> new CandidateList(List.of(), false))
                .hasMessage("the list of candidates is empty; at least one is needed");
    }

    @Test
    void anEmptyCandidateIsRefusedByItsPlace() {
        assertThatThrownBy(() -> new CandidateList(texts("a", "", "b"), false))
                .hasMessage("candidate 1 (counted from 0) is empty; each has at least one byte");
    }

    @Test
    void moreThanTheMostAreRefused() {
        List<byte[]> many = Collections.nCopies(100_000, new byte[] {'a'});
        assertThatThrownBy(() -> new CandidateList(many, false)).hasMessageStartingWith("100000 candidates; at most 1024");
        assertThat(new CandidateList(many.subList(0, CandidateList.MOST), true).texts()).hasSize(1024);
    }

    @Test
    void moreBytesThanTheMostAreRefused() {
        assertThatThrownBy(() -> new CandidateList(List.of(new byte[CandidateList.MOST_BYTES], new byte[1]), false))
                .hasMessageStartingWith("the candidates have 65537 bytes together; at most 65536");
    }

    /** Every way from the root spells just the candidates that end on it. */
    @Test
    void theTreeHasEachCandidateOnceAndWhatTheyShareOnce() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<byte[]> texts = new ArrayList<>();
            for (int i = 1 + random.nextInt(12); i > 0; i--) {
                byte[] text = new byte[1 + random.nextInt(5)];
                for (int at = 0; at < text.length; at++) {
                    text[at] = (byte) (random.nextInt(3) * 127);
                }
                texts.add(text);
            }
            List<String> spelled = new ArrayList<>(Collections.nCopies(texts.size(), ""));
            walk(CandidateTree.of(texts), "", spelled, "seed " + seed);
            for (int place = 0; place < texts.size(); place++) {
                assertThat(spelled.get(place)).as("seed " + seed).isEqualTo(characters(texts.get(place), 0));
            }
        }
    }

    private static String characters(byte[] text, int from) {
        return new String(text, from, text.length - from, ISO_8859_1);
    }

    private static void walk(CandidateTree node, String before, List<String> spelled, String seed) {
        String here = before + characters(node.text(), 0).substring(node.from(), node.to());
        assertThat(node.from()).as(seed).isEqualTo(before.length());
        for (int place : node.places()) {
            assertThat(spelled.set(place, here)).as(seed).isEmpty();
        }
        long nextBytes = node.branches().stream()
                .map(branch -> branch.text()[node.to()])
                .distinct()
                .count();
        assertThat(nextBytes).as(seed).isEqualTo(node.branches().size());
        node.branches().forEach(branch -> walk(branch, here, spelled, seed));
    }
}
