package dev.shiplog.boot;

import dev.shiplog.api.auth.jwt.OidcTokens;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks the OpenID Connect issuer for its keys beside the start, and again until it has answered
 * once: an issuer that nobody can reach is told before the first token comes.
 */
final class IssuerLook implements AutoCloseable {
    private static final Logger LOG = System.getLogger(IssuerLook.class.getName());

    private final OidcTokens issuer;
    private final Duration apart;
    private final CountDownLatch closed = new CountDownLatch(1);

    private IssuerLook(OidcTokens issuer, Duration apart) {
        this.issuer = issuer;
        this.apart = apart;
    }

    /**
     * @param apart how long after a look in vain the next one is
     */
    static IssuerLook start(OidcTokens issuer, Duration apart) {
        IssuerLook look = new IssuerLook(issuer, apart);
        Thread _ = Thread.ofVirtual().name("issuer").start(look::run);
        return look;
    }

    private void run() {
        String told = "";
        try {
            do {
                Optional<String> trouble = issuer.look();
                if (trouble.isEmpty()) {
                    if (!told.isEmpty()) {
                        LOG.log(Level.INFO, "the issuer of OIDC tokens answers now");
                    }
                    return;
                }
                if (!told.equals(trouble.get())) {
                    told = trouble.get();
                    LOG.log(Level.WARNING, "no OIDC token is accepted for now: {0}", told);
                }
            } while (!closed.await(apart.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
