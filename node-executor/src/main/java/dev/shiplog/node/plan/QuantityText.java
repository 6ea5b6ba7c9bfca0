package dev.shiplog.node.plan;

/** Amounts as Kubernetes writes them. */
final class QuantityText {
    private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    private static final long STEP = 1024;

    private QuantityText() {}

    /** In the largest binary unit that needs no fraction: {@code 64Mi}. */
    static String bytes(long bytes) {
        long amount = bytes;
        int unit = 0;
        while (amount != 0 && amount % STEP == 0 && unit < UNITS.length - 1) {
            amount /= STEP;
            unit++;
        }
        return amount + UNITS[unit];
    }
}
