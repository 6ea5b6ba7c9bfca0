package dev.shiplog.resource.kind;

import dev.shiplog.resource.Ipv4;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

/** Which addresses may stand behind a Service. */
final class EndpointAddresses {
    private EndpointAddresses() {}

    /** Refuses what would lead traffic back to the node itself, as Kubernetes does. */
    static void check(String ip, FieldPath path, Findings findings) {
        String shown = Check.quoted(ip);
        if (!Ipv4.is(ip)) {
            findings.invalid(
                    path, shown, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        } else if (ip.equals("0.0.0.0")) {
            findings.invalid(path, shown, "may not be unspecified (0.0.0.0 or ::)");
        } else if (ip.startsWith("127.")) {
            findings.invalid(
                    path, shown, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        } else if (ip.startsWith("169.254.")) {
            findings.invalid(
                    path, shown, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        } else if (ip.startsWith("224.0.0.")) {
            findings.invalid(
                    path,
                    shown,
                    "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }
}
