package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HeapGrowthTest {
    private static final long MEBI = 1 << 20;

    @Test
    void aQuietProcessGivesBackLittle() {
        assertTrue(HeapGrowth.due(50 * MEBI, 43 * MEBI, true));
        assertFalse(HeapGrowth.due(50 * MEBI, 44 * MEBI, true));
    }

    @Test
    void aLargeQuietProcessWaitsUntilAnEighthHasCome() {
        assertFalse(HeapGrowth.due(900 * MEBI, 800 * MEBI, true));
        assertTrue(HeapGrowth.due(901 * MEBI, 800 * MEBI, true));
    }

    @Test
    void aBusyProcessWaitsUntilHalfOfWhatLivesHasCome() {
        assertFalse(HeapGrowth.due(140 * MEBI, 100 * MEBI, false));
        assertFalse(HeapGrowth.due(150 * MEBI, 100 * MEBI, false));
        assertTrue(HeapGrowth.due(151 * MEBI, 100 * MEBI, false));
    }

    @Test
    void aSmallBusyProcessWaitsForSixteenMebibytes() {
        assertFalse(HeapGrowth.due(16 * MEBI, 0, false));
        assertTrue(HeapGrowth.due(17 * MEBI, 0, false));
        assertFalse(HeapGrowth.due(26 * MEBI, 10 * MEBI, false));
        assertTrue(HeapGrowth.due(27 * MEBI, 10 * MEBI, false));
    }

    @Test
    void whatACollectionCouldNotFreeIsNotCollectedAgain() {
        assertFalse(HeapGrowth.due(44 * MEBI, 44 * MEBI, true));
        assertFalse(HeapGrowth.due(44 * MEBI, 44 * MEBI, false));
    }

    @Test
    void aCollectionBetweenTwoLooksIsNoQuiet() {
        assertFalse(HeapGrowth.quiet(40 * MEBI, 30 * MEBI));
        assertFalse(HeapGrowth.quiet(40 * MEBI, 42 * MEBI));
        assertTrue(HeapGrowth.quiet(40 * MEBI, 41 * MEBI));
    }
}
