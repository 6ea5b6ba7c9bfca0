package dev.shiplog.node.runtime.simulated;

import dev.shiplog.node.runtime.ContainerSpec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a simulated container does. Read from the words of its command and args; a word that is none
 * of these means nothing, so that every real manifest is a script that runs until it is stopped:
 *
 * <ul>
 *   <li>{@code print:TEXT@DELAY} writes a line
 *   <li>{@code exit:CODE@DELAY} ends
 *   <li>{@code oom@DELAY} ends for want of memory
 *   <li>{@code deaf} ignores SIGTERM
 *   <li>{@code nostart:MESSAGE} cannot be started
 *   <li>{@code listen:PORT} listens, and sends back what it is sent
 *   <li>{@code answer:STATUS@DELAY} answers probes with this status of HTTP from then on; before,
 *       with 200
 *   <li>{@code cpu:MILLICORES} and {@code memory:MEBIBYTES} are what it uses
 * </ul>
 *
 * Delays count from the start, in {@code ms}, {@code s} or {@code m}; without one, at once.
 *
 * @param steps in the order of their delays
 * @param deaf whether only SIGKILL ends it
 * @param noStart why it cannot be started
 * @param ports where it listens
 */
public record Script(
        List<Step> steps,
        boolean deaf,
        Optional<String> noStart,
        List<Integer> ports,
        int milliCores,
        int mebibytes) {
    private static final Pattern WORD =
            Pattern.compile(
                    "(print|exit|answer|oom|deaf|nostart|listen|cpu|memory)(?::(.*?))?(?:@([0-9]+)(ms|s|m))?");

    /** Runs until it is stopped. */
    public static final Script FOREVER = of(List.of());

    public Script {
        steps = List.copyOf(steps);
        ports = List.copyOf(ports);
    }

    /** Something that happens some time after the start. */
    public sealed interface Step {
        Duration delay();

        /** Writes a line. */
        record Print(String line, Duration delay) implements Step {}

        /** Answers probes otherwise from now on. */
        record Status(int code, Duration delay) implements Step {}

        /** Ends the container. */
        record Exit(int code, boolean oomKilled, Duration delay) implements Step {}
    }

    /** The script in a container's own words. */
    public static Script of(ContainerSpec spec) {
        return of(Stream.concat(spec.command().stream(), spec.args().stream()).toList());
    }

    /** The script in these words. */
    static Script of(List<String> words) {
        List<Integer> ports = new ArrayList<>();
        int milliCores = 0;
        int mebibytes = 0;
        List<Step> steps = new ArrayList<>();
        boolean deaf = false;
        Optional<String> noStart = Optional.empty();
        for (String text : words) {
            Matcher word = WORD.matcher(text);
            if (!word.matches()) {
                continue;
            }
            String value = Optional.ofNullable(word.group(2)).orElse("");
            Duration delay = delay(word);
            switch (word.group(1)) {
                case "print" -> steps.add(new Step.Print(value, delay));
                case "exit" -> steps.add(new Step.Exit(code(text, value), false, delay));
                case "answer" -> steps.add(new Step.Status(number(text, value), delay));
                case "oom" -> steps.add(new Step.Exit(137, true, delay));
                case "deaf" -> deaf = true;
                case "nostart" -> noStart = Optional.of(value);
                case "listen" -> ports.add(number(text, value));
                case "cpu" -> milliCores = number(text, value);
                case "memory" -> mebibytes = number(text, value);
                default -> throw new IllegalStateException("the pattern has no such word: " + text);
            }
        }
        steps.sort((a, b) -> a.delay().compareTo(b.delay()));
        return new Script(steps, deaf, noStart, ports, milliCores, mebibytes);
    }

    private static int code(String text, String value) {
        if (!value.matches("[0-9]{1,3}") || Integer.parseInt(value) > 255) {
            throw new IllegalArgumentException(
                    "expected an exit code of 0 to 255, found \"%s\" in \"%s\""
                            .formatted(value, text));
        }
        return Integer.parseInt(value);
    }

    private static int number(String text, String value) {
        if (!value.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(
                    "expected a whole number, found \"%s\" in \"%s\"".formatted(value, text));
        }
        return Integer.parseInt(value);
    }

    private static Duration delay(Matcher word) {
        if (word.group(3) == null) {
            return Duration.ZERO;
        }
        long count = Long.parseLong(word.group(3));
        return switch (word.group(4)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            default -> Duration.ofMinutes(count);
        };
    }
}
