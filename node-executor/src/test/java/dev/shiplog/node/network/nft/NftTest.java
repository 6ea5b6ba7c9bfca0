package dev.shiplog.node.network.nft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.linux.Programs;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The program and its library do the same, and say the same of what cannot be. */
class NftTest {
    private interface Commit {
        void run(String script) throws IOException;
    }

    private static String text(Nft table, Commit commit) throws IOException {
        table.remove();
        try {
            commit.run(
                    """
                    add table ip %1$s
                    add map ip %1$s to { type ipv4_addr . inet_service : verdict; }
                    add set ip %1$s admitted { type ipv4_addr . ipv4_addr; flags interval; }
                    add chain ip %1$s refuse
                    add rule ip %1$s refuse reject
                    add element ip %1$s to { 10.0.0.1 . 80 : goto refuse }
                    add element ip %1$s admitted { 10.0.0.1 . 192.0.2.0/24 }
                    """
                            .formatted(table.name()));
            commit.run("delete element ip " + table.name() + " to { 10.0.0.1 . 80 }\n");
            IOException refused =
                    assertThrows(
                            IOException.class,
                            () ->
                                    commit.run(
                                            "add element ip %1$s to { 10.0.0.2 . 80 : goto refuse }\ndelete element ip %1$s to { 10.0.0.1 . 80 }\n"
                                                    .formatted(table.name())));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("No such file or directory"),
                    refused::getMessage);
            return table.text().orElseThrow();
        } finally {
            table.remove();
        }
    }

    @Test
    void anOutlineIsFoundAmongThoseOfOtherTables() {
        String mine = "table ip mine {\n\tchain in {\n\t\treject\n\t}\n}";
        String other = "table ip mine_too {\n\tset one {\n\t}\n}";
        assertEquals(Optional.of(mine), new Nft("mine").in(mine + "\n" + other + "\n"));
        assertEquals(Optional.of(mine), new Nft("mine").in(other + "\n" + mine + "\n"));
        assertEquals(Optional.of(other), new Nft("mine_too").in(mine + "\n" + other + "\n"));
        assertEquals(Optional.empty(), new Nft("min").in(mine + "\n" + other + "\n"));
        assertEquals(Optional.empty(), new Nft("mine").in(""));
    }

    /** So that a table is compared at a cost that does not grow with its elements. */
    @Test
    void anOutlineHasNoElements() throws IOException {
        Optional<String> objection = Nft.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
        Nft table = new Nft("shl_nft_outline_" + ProcessHandle.current().pid());
        try {
            table.commit(
                    "add table ip %1$s\nadd set ip %1$s of { type ipv4_addr; }\n"
                                    .formatted(table.name())
                            + "add element ip %s of { 10.0.0.1 }\n".formatted(table.name()));
            String outline = table.outline().orElseThrow();
            assertTrue(outline.contains("set of {"), outline);
            assertTrue(!outline.contains("10.0.0.1"), outline);
        } finally {
            table.remove();
        }
        assertEquals(Optional.empty(), table.outline());
    }

    @Test
    void theLibraryDoesWhatTheProgramDoes() throws IOException {
        Optional<String> objection = Nft.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
        Optional<NftLibrary> library = NftLibrary.find();
        assumeTrue(library.isPresent(), "no libnftables on this machine");
        Nft table = new Nft("shl_nft_test_" + ProcessHandle.current().pid());
        String byLibrary = text(table, library.orElseThrow()::commit);
        assertEquals(
                text(table, script -> Programs.run(script, List.of("nft", "-f", "-"))), byLibrary);
        assertTrue(!byLibrary.contains("10.0.0.2"), "what was refused did nothing: " + byLibrary);
    }
}
