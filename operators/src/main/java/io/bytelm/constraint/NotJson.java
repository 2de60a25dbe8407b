package io.bytelm.constraint;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Pattern;

/** Why a text is no JSON, without the names of the parser's own parts. */
public final class NotJson {
    private static final Pattern SOURCE = Pattern.compile("\\[Source: [^;\\]]*; line: (\\d+), column: (\\d+)]");
    private static final Pattern ORIGIN = Pattern.compile(", from `[^`]*`");

    private NotJson() {}

    /** In one line. */
    public static String why(JsonProcessingException refusal) {
        String line = refusal.getOriginalMessage().lines().findFirst().orElse("");
        return ORIGIN.matcher(SOURCE.matcher(line).replaceAll("line $1, column $2"))
                .replaceAll("");
    }
}
