package dev.shiplog.resource.schema;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
public final class Spelling {
    private static final int SHORT_WORD = 2;
    private static final int MEDIUM_WORD = 5;
    private static final int LONGEST_WORD = 100;

    private Spelling() {}

    /**
     * The candidate that is nearest to {@code word}, upper and lower case aside, if it is near
     * enough to be meant: one slip in a word of two letters, two in one of five, a third of a
     * longer one. Among equals the first.
     */
    public static Optional<String> nearest(String word, Collection<String> candidates) {
        if (word.length() > LONGEST_WORD) {
            return Optional.empty();
        }
        String folded = word.toLowerCase(Locale.ROOT);
        String best = "";
        int bestDistance = tolerance(word.length()) + 1;
        for (String candidate : candidates) {
            if (Math.abs(candidate.length() - word.length()) < bestDistance) {
                int distance = distance(folded, candidate.toLowerCase(Locale.ROOT));
                if (distance < bestDistance) {
                    best = candidate;
                    bestDistance = distance;
                }
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** {@code ; did you mean "x"?}, or nothing. */
    public static String hint(String word, Collection<String> candidates) {
        return nearest(word, candidates)
                .map(found -> "; did you mean \"" + found + "\"?")
                .orElse("");
    }

    private static int tolerance(int length) {
        if (length <= SHORT_WORD) {
            return 1;
        }
        return length <= MEDIUM_WORD ? 2 : Math.max(2, length / 3);
    }

    /**
     * The optimal string alignment distance (Damerau and Levenshtein): the least number of letters
     * inserted, left out, replaced, or swapped with their neighbour.
     */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
                if (swapped(a, i, b, j)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }

    private static boolean swapped(String a, int i, String b, int j) {
        return i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
    }
}
