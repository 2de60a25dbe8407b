package io.bytelm.job.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** What is to be done for a lib directory to hold the engine's jars, each in one version. */
record LibPlan(Path lib, List<Change> changes) {
    /**
     * One jar.
     *
     * @param replaced file names of other versions, or of the same with other content
     * @param isThere whether the jar is there already, as it is
     */
    record Change(Path jar, List<String> replaced, boolean isThere) {
        String fileName() {
            return String.valueOf(jar.getFileName());
        }
    }

    /** Only looks. */
    static LibPlan of(EngineJars engine, FlinkDistribution flink) throws IOException {
        List<Change> changes = new ArrayList<>();
        List<String> there = flink.jars();
        for (Path jar : engine.jars()) {
            String fileName = String.valueOf(jar.getFileName());
            boolean isSame =
                    there.contains(fileName) && Files.mismatch(jar, flink.lib().resolve(fileName)) < 0;
            String artifact = JarName.of(fileName).artifact();
            List<String> replaced = there.stream()
                    .filter(name -> JarName.of(name).artifact().equals(artifact))
                    .filter(name -> !(isSame && name.equals(fileName)))
                    .toList();
            changes.add(new Change(jar, replaced, isSame));
        }
        return new LibPlan(flink.lib(), List.copyOf(changes));
    }

    /** Whether it takes away what somebody may have put there. */
    boolean replaces() {
        return changes.stream().anyMatch(change -> !change.replaced().isEmpty());
    }

    /** A jar appears whole or not at all, before those that it replaces are gone. */
    void carryOut() throws IOException {
        for (Change change : changes) {
            if (!change.isThere()) {
                place(change.jar());
            }
            for (String old : change.replaced()) {
                if (!old.equals(change.fileName())) {
                    Files.deleteIfExists(lib.resolve(old));
                }
            }
        }
    }

    private void place(Path jar) throws IOException {
        Path part = Files.createTempFile(lib, "bytelm-", ".part");
        try {
            Files.copy(jar, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, lib.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
