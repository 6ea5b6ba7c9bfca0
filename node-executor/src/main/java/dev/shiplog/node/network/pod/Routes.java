package dev.shiplog.node.network.pod;

import dev.shiplog.node.network.Subnet;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which addresses this machine already uses. */
public final class Routes {
    private static final Path TABLE = Path.of("/proc/net/route");

    private Routes() {}

    /** Whether a range touches a route of the machine other than the default one. */
    public static boolean taken(Subnet subnet) throws IOException {
        List<String> lines = Files.readAllLines(TABLE);
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            String[] fields = line.strip().split("\\s+", -1);
            int destination = address(fields[1]);
            int mask = address(fields[7]);
            if (mask != 0 && subnet.overlaps(destination, mask)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether an address is on a link of this machine, where others look for it by ARP.
     *
     * @param except an interface that does not count
     */
    public static boolean linked(String address, String except) throws IOException {
        List<String> lines = Files.readAllLines(TABLE);
        int number = Subnet.number(address);
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            String[] fields = line.strip().split("\\s+", -1);
            int mask = address(fields[7]);
            if (!fields[0].equals(except)
                    && address(fields[2]) == 0
                    && mask != 0
                    && (number & mask) == address(fields[1])) {
                return true;
            }
        }
        return false;
    }

    /** The kernel writes addresses in hexadecimal, as the processor keeps them in memory. */
    private static int address(String hex) {
        int number = Integer.parseUnsignedInt(hex, 16);
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                ? Integer.reverseBytes(number)
                : number;
    }
}
