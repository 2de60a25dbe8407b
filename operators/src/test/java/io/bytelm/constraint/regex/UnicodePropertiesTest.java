package io.bytelm.constraint.regex;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of properties is bounded by their number, and not by how many ways there are to write their names. */
class UnicodePropertiesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Lu,lu,L_u,Uppercase_Letter,uppercase letter,gc=Lu,General_Category=Lu",
                "Greek,IsGreek,greek,Script=Greek,sc=GREEK,Script=Grek",
                "Alphabetic,alphabetic,ALPHABETIC",
            })
    void everySpellingOfANameIsTheSameSet(String spellings) {
        String[] names = spellings.split(",");
        for (String name : names) {
            assertThat(UnicodeProperties.find(name)).as(name).isNotNull().isSameAs(UnicodeProperties.find(names[0]));
        }
    }
}
