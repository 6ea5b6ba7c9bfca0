package dev.shiplog.journal.axon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shiplog.journal.Tag;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

class TurnsTest {
    private static final Tag SHOP = new Tag("namespace", "shop");
    private static final Tag POD = new Tag("pod", "web");

    private final List<String> gone = new ArrayList<>();
    private final Map<String, Turns.Turn> held = new HashMap<>();
    private final Turns turns = new Turns(Runnable::run);

    @Test
    void whoIsAloneIsWaitedFor() {
        enter("first", List.of(SHOP), Set.of());
        enter("second", List.of(SHOP), Set.of());
        assertEquals(List.of("first"), gone);
        leave("first");
        assertEquals(List.of("first", "second"), gone);
    }

    @Test
    void whoSharesGoesBesideOthersWhoShare() {
        enter("first", List.of(SHOP), Set.of(SHOP));
        enter("second", List.of(SHOP), Set.of(SHOP));
        assertEquals(List.of("first", "second"), gone);
    }

    @Test
    void nobodyWhoSharesOvertakesWhoIsAlone() {
        enter("first", List.of(SHOP), Set.of(SHOP));
        enter("alone", List.of(SHOP), Set.of());
        enter("later", List.of(SHOP), Set.of(SHOP));
        enter("last", List.of(SHOP), Set.of(SHOP));
        assertEquals(List.of("first"), gone);
        leave("first");
        assertEquals(List.of("first", "alone"), gone);
        leave("alone");
        assertEquals(List.of("first", "alone", "later", "last"), gone);
    }

    @Test
    void whatIsSharedIsOneThingAndWhatIsNotAnother() {
        enter("first", List.of(POD, SHOP), Set.of(SHOP));
        enter("same", List.of(POD, SHOP), Set.of(SHOP));
        enter("alone", List.of(SHOP), Set.of());
        assertEquals(List.of("first"), gone);
        leave("first");
        assertEquals(List.of("first", "same"), gone, "it came before who wants to be alone");
        leave("same");
        assertEquals(List.of("first", "same", "alone"), gone);
    }

    @Test
    void aTurnIsLeftOnce() {
        enter("first", List.of(SHOP), Set.of());
        Turns.Turn turn = held.get("first");
        turns.leave(turn);
        assertThrows(IllegalStateException.class, () -> turns.leave(turn));
    }

    /** Whatever comes and goes: never two who exclude each other, and nobody is forgotten. */
    @Test
    void everybodyGoesAndNobodyWhoIsAloneHasCompany() {
        for (int seed = 0; seed < 200; seed++) {
            story(new Random(seed), seed);
        }
    }

    private static void story(Random random, int seed) {
        List<Tag> all = List.of(new Tag("t", "a"), new Tag("t", "b"), new Tag("t", "c"));
        Turns turns = new Turns(Runnable::run);
        Map<Integer, Turns.Turn> going = new TreeMap<>();
        Map<Integer, Set<Tag>> alone = new HashMap<>();
        Map<Integer, Set<Tag>> shared = new HashMap<>();
        int came = 0;
        int left = 0;
        while (left < 100) {
            if (came < 100 && (going.isEmpty() || random.nextBoolean())) {
                int mine = came++;
                List<Tag> tags = all.stream().filter(_ -> random.nextBoolean()).toList();
                Set<Tag> with = new TreeSet<>(tags);
                with.removeIf(_ -> random.nextBoolean());
                Set<Tag> without = new TreeSet<>(tags);
                without.removeAll(with);
                shared.put(mine, with);
                alone.put(mine, without);
                turns.enter(tags, with, turn -> going.put(mine, turn));
            } else {
                List<Integer> here = new ArrayList<>(going.keySet());
                int who = here.get(random.nextInt(here.size()));
                turns.leave(going.remove(who));
                left++;
            }
            for (Map.Entry<Integer, Turns.Turn> one : going.entrySet()) {
                for (Integer other : going.keySet()) {
                    if (!one.getKey().equals(other)) {
                        Set<Tag> both = new TreeSet<>(alone.get(one.getKey()));
                        Set<Tag> theirs = new TreeSet<>(alone.get(other));
                        theirs.addAll(shared.get(other));
                        both.retainAll(theirs);
                        assertEquals(Set.of(), both, "seed " + seed);
                    }
                }
            }
        }
        assertEquals(Map.of(), going, "seed " + seed);
    }

    private void enter(String name, List<Tag> tags, Set<Tag> shared) {
        turns.enter(
                tags,
                shared,
                turn -> {
                    gone.add(name);
                    held.put(name, turn);
                });
    }

    private void leave(String name) {
        turns.leave(held.get(name));
    }
}
