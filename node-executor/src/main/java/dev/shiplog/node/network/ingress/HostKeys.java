package dev.shiplog.node.network.ingress;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** Certificates by the host that a client asks for; may change at any time. */
final class HostKeys extends X509ExtendedKeyManager {
    private static final Logger LOG = LoggerFactory.getLogger(HostKeys.class);
    private static final String ANY_HOST = "";

    private volatile Map<String, Entry> byHost = Map.of();

    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    private record Entry(Followed.KeyPair pair, X509Certificate[] chain, PrivateKey key) {}

    /** From now on shows these. What cannot be read is left out, and the log says why. */
    void show(Map<String, Followed.KeyPair> certificates) {
        Map<String, Entry> before = byHost;
        Map<String, Entry> entries = new LinkedHashMap<>();
        certificates.forEach((host, pair) -> {
            Entry old = before.get(host);
            if (old != null && old.pair().equals(pair)) {
                entries.put(host, old);
                return;
            }
            try {
                Pem.Pair read = Pem.pair(pair);
                entries.put(host, new Entry(pair, read.chain(), read.key()));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                LOG.warn(
                        "the certificate for {} cannot be used: {}",
                        host.isEmpty() ? "all other hosts" : host,
                        e.getMessage());
            }
        });
        byHost = entries;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        String alias = alias(host(engine));
        Entry entry = alias == null ? null : byHost.get(alias);
        return entry != null && entry.key().getAlgorithm().equals(keyType) ? alias : null;
    }

    private static String host(SSLEngine engine) {
        return engine.getHandshakeSession() instanceof ExtendedSSLSession session
                ? session.getRequestedServerNames().stream()
                        .filter(SNIHostName.class::isInstance)
                        .map(name -> ((SNIHostName) name).getAsciiName().toLowerCase(Locale.ROOT))
                        .findFirst()
                        .orElse(ANY_HOST)
                : ANY_HOST;
    }

    private @Nullable String alias(String host) {
        Map<String, Entry> entries = byHost;
        if (entries.containsKey(host)) {
            return host;
        }
        int dot = host.indexOf('.');
        String wildcard = dot < 0 ? ANY_HOST : "*" + host.substring(dot);
        if (entries.containsKey(wildcard)) {
            return wildcard;
        }
        if (entries.containsKey(ANY_HOST)) {
            return ANY_HOST;
        }
        // One who names no host takes what there is.
        return host.isEmpty() ? entries.keySet().stream().findFirst().orElse(null) : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Entry entry = byHost.get(alias);
        return entry == null ? null : entry.chain();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Entry entry = byHost.get(alias);
        return entry == null ? null : entry.key();
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }
}
