package dev.shiplog.node.plan;

import java.util.Map;

/**
 * Replaces {@code $(NAME)} by a variable's value. {@code $$} is a dollar sign; a name that is not
 * known stays as it is written.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/inject-data-application/">the syntax of
 *     Kubernetes</a>
 */
final class Expansion {
    private Expansion() {}

    static String expand(String text, Map<String, String> variables) {
        StringBuilder result = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            char following = at + 1 < text.length() ? text.charAt(at + 1) : 0;
            int close = following == '(' ? text.indexOf(')', at) : -1;
            if (c != '$') {
                result.append(c);
                at++;
            } else if (following == '$') {
                result.append('$');
                at += 2;
            } else if (close < 0) {
                result.append('$');
                at++;
            } else {
                String name = text.substring(at + 2, close);
                String value = variables.get(name);
                result.append(value == null ? text.substring(at, close + 1) : value);
                at = close + 1;
            }
        }
        return result.toString();
    }
}
