package dev.shiplog.scheduler;

import java.util.List;

/** The pods around must be those that a pod asks for, and must not mind it. */
final class InterPodAffinityFilter implements Filter {
    @Override
    public List<Objection> objections(PodDemand pod, NodeLoad node, Neighbourhood around) {
        for (Neighbourhood.Places places : around.required()) {
            boolean there = node.facts().labels().containsKey(places.key());
            if (!there || (places.on(node) == 0 && !around.founder())) {
                return Objection.unless(false, "node(s) didn't match pod affinity rules");
            }
        }
        for (Neighbourhood.Places places : around.forbidden()) {
            if (places.on(node) > 0) {
                return Objection.curableUnless(
                        false, "node(s) didn't match pod anti-affinity rules");
            }
        }
        return Objection.curableUnless(
                around.residents().filter(others -> others.forbid(node.facts())).isEmpty(),
                "node(s) didn't satisfy existing pods anti-affinity rules");
    }
}
