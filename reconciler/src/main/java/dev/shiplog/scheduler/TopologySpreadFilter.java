package dev.shiplog.scheduler;

import java.util.List;

/** No place may get further ahead of the emptiest than a pod's hard spread constraints allow. */
final class TopologySpreadFilter implements Filter {
    private static final String TEXT = "node(s) didn't match pod topology spread constraints";

    @Override
    public List<Objection> objections(PodDemand pod, NodeLoad node, Neighbourhood around) {
        for (Neighbourhood.Spread spread : around.spreads()) {
            SpreadConstraint constraint = spread.constraint();
            if (!constraint.hard()) {
                continue;
            }
            if (!node.facts().labels().containsKey(constraint.topologyKey())) {
                return Objection.unless(false, TEXT + " (missing required label)");
            }
            int skew = spread.places().on(node) + spread.itself() - spread.fewest();
            if (skew > constraint.maxSkew()) {
                return Objection.curableUnless(false, TEXT);
            }
        }
        return Objection.NONE;
    }
}
