package dev.shiplog.node.runtime;

import java.util.List;
import java.util.stream.Collectors;

/** The programs as scripts of a POSIX shell. A shell as process 1 ignores what it does not trap. */
final class ShellPrograms implements Programs {
    private static final String STAY = "trap 'exit 0' TERM; while :; do sleep 300 & wait $!; done";

    static List<String> script(String text) {
        return List.of("sh", "-c", text);
    }

    @Override
    public List<String> forever() {
        return script(STAY);
    }

    @Override
    public List<String> deaf() {
        return script("trap '' TERM; sleep 300");
    }

    @Override
    public List<String> exits(int code) {
        return script("exit " + code);
    }

    @Override
    public List<String> prints(List<String> lines) {
        return script(echo(lines));
    }

    @Override
    public List<String> printsThenStays(List<String> lines) {
        return script(STAY.replaceFirst(";", "; " + echo(lines) + ";"));
    }

    @Override
    public List<String> printsSlowly(String first, String second) {
        return script("echo " + first + "; sleep 1; echo " + second);
    }

    @Override
    public List<String> nosuch() {
        return List.of("/nosuch", "argument");
    }

    @Override
    public List<String> echoes() {
        return List.of("cat");
    }

    @Override
    public List<String> serves(int port) {
        return script("echo served >/tmp/served; exec httpd -f -p 127.0.0.1:" + port + " -h /tmp");
    }

    @Override
    public List<String> answers(int port) {
        return script("echo served >/tmp/served; exec httpd -f -p " + port + " -h /tmp");
    }

    private static String echo(List<String> lines) {
        return lines.stream().map(line -> "echo '" + line + "'").collect(Collectors.joining("; "));
    }
}
