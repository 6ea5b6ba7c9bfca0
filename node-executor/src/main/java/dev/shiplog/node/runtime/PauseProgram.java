package dev.shiplog.node.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The program that does nothing: it sleeps for ever, so that the namespaces have an owner. It is so
 * small that it is written here as machine code, and no compiler, binary or registry is needed.
 *
 * <p>It handles no signals: it is stopped with SIGKILL (the sandbox's stop signal). Where a pod's
 * containers share its process namespace, the kernel gives it their orphans; it ignores SIGCHLD,
 * and so the kernel also takes them away once they have ended.
 *
 * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html">the ELF format</a>
 */
public final class PauseProgram {
    private static final long BASE = 0x400000;
    private static final int FILE_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int START = FILE_HEADER + PROGRAM_HEADER;

    /** {@code struct sigaction}: SIG_IGN, and no flags, restorer or mask. */
    private static final String IGNORE = "01000000" + "00".repeat(28);

    /**
     * {@code mov eax, 13 (rt_sigaction); mov edi, 17 (SIGCHLD); lea rsi, [IGNORE]; xor edx, edx;
     * mov r10d, 8; syscall; again: mov eax, 34 (pause); syscall; jmp again}.
     */
    private static final String X86_64 =
            "b80d000000"
                    + "bf11000000"
                    + "488d3513000000"
                    + "31d2"
                    + "41ba08000000"
                    + "0f05"
                    + "b822000000"
                    + "0f05"
                    + "ebf7"
                    + IGNORE;

    /**
     * {@code x0 = 17 (SIGCHLD); x1 = IGNORE; x2 = 0; x3 = 8; x8 = 134 (rt_sigaction); svc 0; again:
     * x0…x4 = 0; x8 = 73 (ppoll); svc 0; b again}; there is no pause(2) here.
     */
    private static final String AARCH64 =
            "200280d2"
                    + "a1010010"
                    + "020080d2"
                    + "030180d2"
                    + "c81080d2"
                    + "010000d4"
                    + "000080d2"
                    + "010080d2"
                    + "020080d2"
                    + "030080d2"
                    + "040080d2"
                    + "280980d2"
                    + "010000d4"
                    + "f9ffff17"
                    + IGNORE;

    private PauseProgram() {}

    /**
     * @param architecture as Docker calls it: {@code amd64} or {@code arm64}
     * @throws IllegalArgumentException for any other
     */
    public static byte[] elf(String architecture) {
        return switch (architecture) {
            case "amd64" -> elf((short) 62, HexFormat.of().parseHex(X86_64));
            case "arm64" -> elf((short) 183, HexFormat.of().parseHex(AARCH64));
            default ->
                    throw new IllegalArgumentException(
                            "expected a Docker Engine on amd64 or arm64, found " + architecture);
        };
    }

    private static byte[] elf(short machine, byte[] code) {
        int size = START + code.length;
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        elf.putShort((short) 2).putShort(machine).putInt(1); // an executable
        elf.putLong(BASE + START).putLong(FILE_HEADER).putLong(0).putInt(0);
        elf.putShort((short) FILE_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 1);
        elf.putShort((short) 64).putShort((short) 0).putShort((short) 0); // no sections
        elf.putInt(1).putInt(5); // PT_LOAD, readable and executable
        elf.putLong(0).putLong(BASE).putLong(BASE).putLong(size).putLong(size).putLong(0x10000);
        return elf.put(code).array();
    }
}
