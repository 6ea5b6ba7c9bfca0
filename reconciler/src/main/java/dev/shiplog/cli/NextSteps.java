package dev.shiplog.cli;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the demo says to try next; every command can be pasted as it stands. */
final class NextSteps {
    private final Profile profile;
    private final Endpoint endpoint;
    private final Optional<IngressUrl> shop;

    /**
     * @param shop where an Ingress of the examples answers; empty if it does not
     */
    NextSteps(Profile profile, Endpoint endpoint, Optional<IngressUrl> shop) {
        this.profile = profile;
        this.endpoint = endpoint;
        this.shop = shop;
    }

    void print(PrintWriter out) {
        String shiplog = program();
        String suffix = ProfileOption.suffix(profile);
        String edit = "sed -i 's/replicas: 3/replicas: 5/' shop/frontend.yaml";
        List<String> lines = new ArrayList<>(List.of("", "Try next:"));
        shop.ifPresent(url -> {
            lines.add("  visit the shop     " + url.curl());
            lines.add("                     or in a browser: " + url.url());
        });
        lines.addAll(
                List.of(
                        "  look around        export KUBECONFIG=" + profile.kubeconfig(),
                        "                     kubectl get pods -A -o wide",
                        "                     " + shiplog + " dashboard" + suffix,
                        "                     " + shiplog + " service frontend -n shop" + suffix,
                        "  get the manifests  "
                                + CloneCommand.gitClone(profile, endpoint)
                                + " demo-cluster",
                        "  scale by a push    cd demo-cluster && "
                                + edit
                                + " && git commit -am 'More frontends' && git push",
                        "  roll back          git revert --no-edit HEAD && git push    (or: "
                                + shiplog
                                + " rollback --to main~1"
                                + suffix
                                + ")",
                        "  ask the history    " + shiplog + " log" + suffix,
                        "                     " + shiplog + " why deploy/frontend -n shop" + suffix,
                        "                     " + shiplog + " diff 5m now" + suffix,
                        "                     " + shiplog + " state --at 5m" + suffix,
                        "  prove it           " + shiplog + " replay --verify" + suffix,
                        "  stop, start again  "
                                + shiplog
                                + " stop"
                                + suffix
                                + ", "
                                + shiplog
                                + " start"
                                + suffix
                                + "    (pods keep running meanwhile)",
                        "  remove everything  " + shiplog + " delete" + suffix,
                        "",
                        "API server " + endpoint.apiServer() + "; Git " + endpoint.git()));
        lines.forEach(out::println);
        out.flush();
    }

    private static String program() {
        String launcher = System.getenv("SHIPLOG_LAUNCHER");
        return launcher == null ? "shiplog" : launcher;
    }
}
