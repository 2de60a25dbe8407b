package io.bytelm.job.install;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A jar's file name in two parts: {@code pytorch-jni-2.7.1-0.35.1.jar} is version {@code 2.7.1-0.35.1} of
 * {@code pytorch-jni}.
 *
 * @param version empty if the name has none
 */
record JarName(String artifact, String version) {
    private static final Pattern NAME = Pattern.compile("(?<artifact>.+?)(?:-(?<version>\\d.*))?\\.jar");

    static JarName of(String fileName) {
        Matcher name = NAME.matcher(fileName);
        if (!name.matches()) {
            return new JarName(fileName, "");
        }
        String version = name.group("version");
        return new JarName(name.group("artifact"), version == null ? "" : version);
    }
}
