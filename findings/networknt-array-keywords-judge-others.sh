#!/usr/bin/env bash
# networknt's json-schema-validator lets keywords of arrays refuse values that are no arrays.
#
# What happens: {"uniqueItems": true} refuses an object with two equal values, and {"minContains": 3, "maxContains": 1}
#   numbers, texts and objects, with contains beside it or without. The standard (2020-12, validation, 6 and 6.4) says that
#   all three are about arrays, and that the two are ignored where there is no contains.
# Expected: that values of other types are valid against such schemas.
# Versions: com.networknt:json-schema-validator 1.5.9, Jackson 2.19.4, JDK 17.
# Output seen:
#   {"uniqueItems":true}  [1,2] valid  1.5 valid  "text" valid  {} valid  {"a":1,"b":1} refused
#   {"minContains":3}  [1,2] valid  1.5 valid  "text" valid  {} valid  {"a":1,"b":1} valid
#   {"minContains":3,"maxContains":1}  [1,2] refused  1.5 refused  "text" refused  {} refused  {"a":1,"b":1} refused
#   {"contains":{},"minContains":3,"maxContains":1}  [1,2] refused  1.5 refused  "text" refused  {} refused  {"a":1,"b":1} refused
# What it means: where such a keyword stands in a schema without "type": "array", this library refuses what other validators
#   take; who uses it as the judge of random schemas has to leave these out.
#
# Exits 0 while this still is so, 1 when it has changed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>probe</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.networknt</groupId><artifactId>json-schema-validator</artifactId><version>1.5.9</version></dependency>
    <dependency><groupId>com.fasterxml.jackson.core</groupId><artifactId>jackson-databind</artifactId><version>2.19.4</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
cat > Probe.java <<'JAVA'
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.util.List;

public final class Probe {
    public static void main(String[] arguments) throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
        for (String schema : List.of("{\"uniqueItems\":true}", "{\"minContains\":3}", "{\"minContains\":3,\"maxContains\":1}",
                "{\"contains\":{},\"minContains\":3,\"maxContains\":1}")) {
            StringBuilder line = new StringBuilder(schema);
            for (String document : List.of("[1,2]", "1.5", "\"text\"", "{}", "{\"a\":1,\"b\":1}")) {
                boolean valid = factory.getSchema(json.readTree(schema)).validate(json.readTree(document)).isEmpty();
                line.append("  ").append(document).append(valid ? " valid" : " refused");
            }
            System.out.println(line);
        }
    }
}
JAVA
javac -cp 'lib/*' Probe.java
java -cp 'lib/*:.' Probe | tee output
grep -q '^{"uniqueItems":true}  .*  {"a":1,"b":1} refused' output
grep -q '^{"minContains":3,"maxContains":1}  .*  1.5 refused' output
