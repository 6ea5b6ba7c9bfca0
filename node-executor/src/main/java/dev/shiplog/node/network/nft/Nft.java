package dev.shiplog.node.network.nft;

import dev.shiplog.node.linux.Programs;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One table of nftables' family {@code ip}. Every change is one transaction of the kernel: all of
 * it takes effect, or nothing.
 *
 * @param name of letters, digits and underscores
 * @see <a href="https://www.netfilter.org/projects/nftables/manpage.html">nft(8)</a>
 */
public record Nft(String name) {
    /**
     * The longest script, in characters, that is committed without starting a program. Longer ones
     * take so long that they must not hold up this program's threads, and much memory.
     */
    private static final int MOST_IN_PROCESS = 1 << 16;

    /**
     * What nft makes of a long script fills tens of megabytes: in large pages, taken in large
     * pieces, that takes half the time.
     */
    private static final Map<String, String> LARGE_PAGES =
            Map.of("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864");

    /** Empty until {@link #prepare}, and where there is none. */
    private static volatile Optional<NftLibrary> library = Optional.empty();

    private static final AtomicBoolean PREPARED = new AtomicBoolean();

    /**
     * Makes later changes quick. It costs more than a start has to give, so it is for when there is
     * time.
     */
    public static void prepare() {
        if (PREPARED.compareAndSet(false, true)) {
            library = NftLibrary.find();
        }
    }

    /** Why there is no packet filter here, and what to do; empty if there is one. */
    public static Optional<String> objection() {
        return Found.OBJECTION;
    }

    /** Asked once: neither a program nor a kernel changes under us. */
    private static final class Found {
        static final Optional<String> OBJECTION = look();

        private static Optional<String> look() {
            if (!Programs.installed("nft")) {
                return Optional.of(
                        "no nft on this machine: install the package nftables, and start again");
            }
            try {
                Programs.run("nft", "list", "tables");
                return Optional.empty();
            } catch (IOException refused) {
                return Optional.of(
                        "the kernel refuses nftables ("
                                + refused.getMessage()
                                + "): nf_tables and the rights to change it are needed");
            }
        }
    }

    /**
     * Commits a script.
     *
     * @throws IOException with nft's own words; nothing was changed
     */
    public void commit(String script) throws IOException {
        Optional<NftLibrary> here = library;
        if (script.length() <= MOST_IN_PROCESS && here.isPresent()) {
            here.get().commit(script);
        } else {
            Programs.run(script, List.of("nft", "-f", "-"), LARGE_PAGES);
        }
    }

    /** All of it as nft writes it, without elements of sets and maps; empty if it is not there. */
    public Optional<String> outline() {
        return in(outlines());
    }

    /**
     * The outlines of all tables. All of them cost less than one: asked for one, nft fetches its
     * elements from the kernel even where it is told not to show them.
     */
    public static String outlines() {
        return listed("nft", "-t", "list", "ruleset", "ip").orElse("");
    }

    /** This table's part of what nft wrote of all; empty if there is none. */
    Optional<String> in(String ruleset) {
        String head = "table ip " + name + " {\n";
        int begin = ruleset.startsWith(head) ? 0 : ruleset.indexOf("\n" + head) + 1;
        int end = ruleset.indexOf("\n}", begin);
        boolean there = begin > 0 || ruleset.startsWith(head);
        return there && end > 0 ? Optional.of(ruleset.substring(begin, end + 2)) : Optional.empty();
    }

    /** All of it as nft writes it; empty if it is not there. */
    public Optional<String> text() {
        return listed("nft", "list", "table", "ip", name);
    }

    /** Removes the table if it is there. */
    public void remove() throws IOException {
        // Adding a table that is there does nothing: so deleting finds one in any case.
        commit("add table ip " + name + "\ndelete table ip " + name + "\n");
    }

    private static Optional<String> listed(String... words) {
        try {
            return Optional.of(Programs.run(words));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
