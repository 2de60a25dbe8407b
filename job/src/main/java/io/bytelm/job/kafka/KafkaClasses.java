package io.bytelm.job.kafka;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SecurityConfig;

/**
 * Where Kafka's classes are. The jar that is submitted to a cluster has them under another name, but people write the names
 * that Kafka's own documentation has into the settings of clients.
 *
 * @param published the package that Kafka's documentation names
 * @param here the package in this program
 */
record KafkaClasses(String published, String here) {
    private static final Set<String> CLASS_SETTINGS = classSettings();
    private static final Pattern PROVIDER_CLASS =
            Pattern.compile(Pattern.quote(AbstractConfig.CONFIG_PROVIDERS_CONFIG) + "\\.[^.]+\\.class");

    /** A token of JAAS text: a comment, a quoted word, the end of an entry, or a word. */
    private static final Pattern JAAS_TOKEN = Pattern.compile(
            "//[^\\r\\n]*|/\\*.*?\\*/|\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|;|[^\\s;\"']+", Pattern.DOTALL);

    /** The package is put together here: the tool that renames packages renames whole names in constants too. */
    static KafkaClasses ofThisProgram() {
        String ofAdmin = Admin.class.getPackageName();
        return new KafkaClasses(
                String.join(".", "org", "apache", "kafka"),
                ofAdmin.substring(0, ofAdmin.length() - ".clients.admin".length()));
    }

    boolean areRelocated() {
        return !published.equals(here);
    }

    /** The settings of a client, with Kafka's classes named as they are here. Doing it twice changes nothing. */
    Map<String, String> located(Map<String, String> settings) {
        Map<String, String> located = new LinkedHashMap<>();
        settings.forEach((name, value) -> located.put(name, located(name, value)));
        return located;
    }

    private String located(String name, String value) {
        if (name.equals(SaslConfigs.SASL_JAAS_CONFIG)) {
            return locatedInJaas(value);
        }
        return isClassSetting(name) ? classNames(value).map(this::located).collect(Collectors.joining(",")) : value;
    }

    private String located(String className) {
        return isPublished(className) ? here + className.substring(published.length()) : className;
    }

    boolean isPublished(String className) {
        return className.startsWith(published + ".");
    }

    boolean isHere(String className) {
        return className.startsWith(here + ".");
    }

    /** Only the login module of an entry is a class; what looks like one in an option may be a password. */
    private String locatedInJaas(String text) {
        StringBuilder located = new StringBuilder();
        boolean beginsEntry = true;
        Matcher tokens = JAAS_TOKEN.matcher(text);
        while (tokens.find()) {
            String token = tokens.group();
            boolean isComment = token.startsWith("//") || token.startsWith("/*");
            if (beginsEntry && !isComment && !token.equals(";")) {
                boolean quoted = token.startsWith("\"") || token.startsWith("'");
                String module = quoted
                        ? token.charAt(0) + located(token.substring(1, token.length() - 1)) + token.charAt(0)
                        : located(token);
                tokens.appendReplacement(located, Matcher.quoteReplacement(module));
            }
            beginsEntry = token.equals(";") || (beginsEntry && isComment);
        }
        return tokens.appendTail(located).toString();
    }

    /** Whether a setting's value names a class, or several. */
    static boolean isClassSetting(String name) {
        return CLASS_SETTINGS.contains(name) || PROVIDER_CLASS.matcher(name).matches();
    }

    static Stream<String> classNames(String value) {
        return Arrays.stream(value.strip().split("\\s*,\\s*", -1));
    }

    private static Set<String> classSettings() {
        // lists of classes have the type of any list
        Set<String> names = new TreeSet<>(Set.of(
                ProducerConfig.INTERCEPTOR_CLASSES_CONFIG,
                ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                SecurityConfig.SECURITY_PROVIDERS_CONFIG));
        Stream.of(ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef())
                .flatMap(definition -> definition.configKeys().values().stream())
                .filter(key -> key.type == ConfigDef.Type.CLASS)
                .forEach(key -> names.add(key.name));
        return names;
    }
}
