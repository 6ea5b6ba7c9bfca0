package dev.shiplog.node.network.dns;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Answers of others, until they are too old; the one not asked for longest makes room. */
final class AnswerCache {
    private final int most;
    private final Map<String, CachedAnswer> answers = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param most answers that are kept
     */
    AnswerCache(int most) {
        this.most = most;
    }

    synchronized Optional<CachedAnswer> get(String question, long now) {
        CachedAnswer answer = answers.get(question);
        if (answer == null) {
            return Optional.empty();
        }
        if (answer.expired(now)) {
            answers.remove(question);
            return Optional.empty();
        }
        return Optional.of(answer);
    }

    synchronized void put(String question, CachedAnswer answer) {
        if (answer.expired(answer.stored())) {
            return;
        }
        answers.put(question, answer);
        while (answers.size() > most) {
            answers.remove(answers.keySet().iterator().next());
        }
    }
}
