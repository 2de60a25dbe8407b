#!/usr/bin/env bash
# networknt's json-schema-validator refuses every document where minContains is above maxContains and no contains stands by.
#
# What happens: {"minContains": 3, "maxContains": 1} refuses arrays, and also numbers and texts; each of the two alone refuses
#   nothing. The standard (2020-12, validation, 6.4.4 and 6.4.5) says that without contains both are ignored, and with it
#   they are about arrays only.
# Expected: that everything is valid against such a schema.
# Versions: com.networknt:json-schema-validator 1.5.9, Jackson 2.19.4, JDK 17.
# Output seen:
#   {"minContains":3}  [1,2] valid  [] valid  1.5 valid  "text" valid  {} valid
#   {"maxContains":1}  [1,2] valid  [] valid  1.5 valid  "text" valid  {} valid
#   {"minContains":3,"maxContains":1}  [1,2] refused  [] refused  1.5 refused  "text" refused  {} refused
#   {"contains":{},"minContains":3,"maxContains":1}  [1,2] refused  [] refused  1.5 refused  "text" refused  {} refused
# What it means: such a schema, which should merely keep arrays out or say nothing, refuses all that other validators take;
#   who uses this library as the judge of random schemas has to leave it out.
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
        for (String schema : List.of("{\"minContains\":3}", "{\"maxContains\":1}", "{\"minContains\":3,\"maxContains\":1}",
                "{\"contains\":{},\"minContains\":3,\"maxContains\":1}")) {
            StringBuilder line = new StringBuilder(schema);
            for (String document : List.of("[1,2]", "[]", "1.5", "\"text\"", "{}")) {
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
grep -q '^{"minContains":3}  .*  1.5 valid' output
grep -q '^{"minContains":3,"maxContains":1}  .*  1.5 refused' output
