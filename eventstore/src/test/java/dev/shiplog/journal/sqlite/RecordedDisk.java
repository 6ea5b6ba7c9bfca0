package dev.shiplog.journal.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * What a process did to its files and what it said, in order, as {@code power-cut/record.c}
 * recorded it; and what a disk may hold if the power is cut in between.
 */
final class RecordedDisk {
    private static final String SAID = "-";
    private static final int SECTOR_BYTES = 512;

    /** Which of the writes that no sync followed reached the disk. */
    enum Unsynced {
        ALL,
        NONE,
        SOME
    }

    private record Operation(char op, String path, long offset, byte[] data) {}

    private final List<Operation> operations;

    private RecordedDisk(List<Operation> operations) {
        this.operations = operations;
    }

    static RecordedDisk read(Path trace) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(trace)).order(ByteOrder.LITTLE_ENDIAN);
        List<Operation> operations = new ArrayList<>();
        while (in.remaining() >= 21) {
            char op = (char) in.get();
            int pathLength = in.getInt();
            long offset = in.getLong();
            int dataLength = Math.toIntExact(in.getLong());
            if (in.remaining() < pathLength + dataLength) {
                break; // Killed while it was recording.
            }
            byte[] path = new byte[pathLength];
            in.get(path);
            byte[] data = new byte[dataLength];
            in.get(data);
            operations.add(
                    new Operation(op, new String(path, StandardCharsets.UTF_8), offset, data));
        }
        return new RecordedDisk(operations);
    }

    /** How many moments there are at which the power may be cut. */
    int moments() {
        return operations.size();
    }

    /** The moments just after something was said. */
    List<Integer> momentsAfterSaying() {
        List<Integer> moments = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            if (operations.get(i).path().equals(SAID)) {
                moments.add(i + 1);
            }
        }
        return moments;
    }

    /** What had been acknowledged at a moment: position and id. */
    Map<Long, String> acknowledged(int moment) {
        StringBuilder said = new StringBuilder();
        for (Operation operation : operations.subList(0, moment)) {
            if (operation.path().equals(SAID)) {
                said.append(new String(operation.data(), StandardCharsets.UTF_8));
            }
        }
        Map<Long, String> acknowledged = new TreeMap<>();
        for (String line : said.toString().split("\n", -1)) {
            String[] parts = line.split(" ", 2);
            if (parts.length == 2 && parts[1].length() == 36) {
                acknowledged.put(Long.parseLong(parts[0]), parts[1]);
            }
        }
        return acknowledged;
    }

    /** Makes the files as a disk may hold them when the power was cut at a moment. */
    void restore(int moment, Unsynced unsynced, Random random, Path folder) throws IOException {
        boolean[] synced = synced(moment);
        IntPredicate reached =
                i ->
                        synced[i]
                                || switch (unsynced) {
                                    case ALL -> true;
                                    case NONE -> false;
                                    case SOME -> random.nextBoolean();
                                };
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < moment; i++) {
            Operation operation = operations.get(i);
            // The lock is the process's, and the shared memory is made anew.
            if (!operation.path().endsWith("-shm")
                    && !operation.path().endsWith(".lock")
                    && !operation.path().equals(SAID)
                    && reached.test(i)) {
                boolean torn = unsynced == Unsynced.SOME && !synced[i];
                apply(operation, files, torn ? random.nextInt(100) : 100);
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path name = Path.of(file.getKey()).getFileName();
            Files.write(folder.resolve(name), file.getValue());
        }
    }

    /**
     * Which operations are on the disk for sure: the next sync after them was no failed one. What a
     * failed sync covered may be lost although a later one succeeds, as the kernel reports an error
     * once and then takes the pages for clean.
     */
    private boolean[] synced(int moment) {
        boolean[] synced = new boolean[moment];
        Map<String, Boolean> next = new HashMap<>();
        boolean folder = false;
        for (int i = moment - 1; i >= 0; i--) {
            Operation operation = operations.get(i);
            switch (operation.op()) {
                case 's' -> {
                    next.put(operation.path(), true);
                    folder |= Files.isDirectory(Path.of(operation.path()));
                }
                case 'f' -> next.put(operation.path(), false);
                case 'u' -> synced[i] = folder;
                default -> synced[i] = next.getOrDefault(operation.path(), false);
            }
        }
        return synced;
    }

    /** How many syncs failed. */
    long failedSyncs() {
        return operations.stream().filter(operation -> operation.op() == 'f').count();
    }

    /**
     * @param percent how much of a write reached the disk, in whole sectors
     */
    private static void apply(Operation operation, Map<String, byte[]> files, int percent) {
        byte[] before = files.getOrDefault(operation.path(), new byte[0]);
        switch (operation.op()) {
            case 'w' -> {
                int whole = operation.data().length;
                int length =
                        percent == 100
                                ? whole
                                : whole * percent / 100 / SECTOR_BYTES * SECTOR_BYTES;
                int start = Math.toIntExact(operation.offset());
                byte[] after =
                        start + length > before.length
                                ? Arrays.copyOf(before, start + length)
                                : before;
                System.arraycopy(operation.data(), 0, after, start, length);
                files.put(operation.path(), after);
            }
            case 't' ->
                    files.put(
                            operation.path(),
                            Arrays.copyOf(before, Math.toIntExact(operation.offset())));
            case 'u' -> files.remove(operation.path());
            case 's', 'f' -> {
                // Changes nothing that can be seen.
            }
            default -> throw new IllegalStateException("unknown operation " + operation.op());
        }
    }
}
