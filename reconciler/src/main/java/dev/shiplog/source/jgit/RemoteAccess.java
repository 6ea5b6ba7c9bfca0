package dev.shiplog.source.jgit;

import dev.shiplog.source.Credentials;

import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a remote repository is and how to sign in there. */
final class RemoteAccess implements AutoCloseable {
    private final URIish uri;
    private final Credentials credentials;
    private final Optional<SshdSessionFactory> ssh;
    private final Optional<TrustedConnections> trusted;

    /**
     * @param url a path, or a URL with the scheme file, http, https or ssh, or {@code
     *     user@host:path}. A user and password in it count as credentials if no others are given
     * @param authorities a file of PEM certificates that a server over HTTPS is verified by; empty
     *     for those that the JDK trusts
     * @param home a folder for what SSH keeps; nothing of this machine's users is read
     */
    RemoteAccess(String url, Credentials credentials, Optional<Path> authorities, Path home)
            throws IOException {
        URIish given;
        try {
            given = new URIish(url);
        } catch (URISyntaxException e) {
            throw new IOException(
                    "expected the URL of a repository, found one that cannot be read: "
                            + e.getReason(),
                    e);
        }
        this.credentials = credentials(given, credentials);
        boolean web = given.getScheme() != null && given.getScheme().startsWith("http");
        uri = web ? given.setPass(null).setUser(null) : given.setPass(null);
        trusted =
                authorities.isPresent()
                        ? Optional.of(new TrustedConnections(authorities.get()))
                        : Optional.empty();
        ssh =
                this.credentials instanceof Credentials.SshKey key
                        ? Optional.of(sessions(key, home))
                        : Optional.empty();
    }

    private static Credentials credentials(URIish uri, Credentials given) {
        if (given instanceof Credentials.None && uri.getPass() != null) {
            String user = uri.getUser() == null ? "git" : uri.getUser();
            return new Credentials.Password(user, uri.getPass());
        }
        return given;
    }

    private static SshdSessionFactory sessions(Credentials.SshKey key, Path home) {
        return new SshdSessionFactoryBuilder()
                .setHomeDirectory(home.toFile())
                .setSshDirectory(home.toFile())
                .setConfigStoreFactory((_, _, _) -> null)
                .setPreferredAuthentications("publickey")
                .setDefaultIdentities(_ -> List.of(key.privateKey()))
                .setDefaultKnownHostsFiles(_ -> List.of(key.knownHosts()))
                .build(null);
    }

    /** The URL without any password, and without a user where it is not part of the address. */
    String url() {
        return uri.toString();
    }

    /** A connection to be used for one operation. */
    Transport open(Repository repository) throws IOException {
        Transport transport = Transport.open(repository, uri);
        transport.setTimeout((int) GitLimits.REMOTE_TIMEOUT.toSeconds());
        provider().ifPresent(transport::setCredentialsProvider);
        if (transport instanceof TransportHttp overHttp) {
            trusted.ifPresent(overHttp::setHttpConnectionFactory);
        }
        if (transport instanceof SshTransport overSsh) {
            overSsh.setSshSessionFactory(
                    ssh.orElseThrow(() ->
                            new TransportException(
                                    "expected an SSH key for " + uri + ", found none")));
        }
        return transport;
    }

    private Optional<CredentialsProvider> provider() {
        return switch (credentials) {
            case Credentials.None _ -> Optional.empty();
            case Credentials.Password(var user, var password) ->
                    Optional.of(new UsernamePasswordCredentialsProvider(user, password));
            case Credentials.Token(var token) ->
                    Optional.of(new UsernamePasswordCredentialsProvider("git", token));
            case Credentials.SshKey(var _, var passphrase, var _) ->
                    passphrase.map(text -> new UsernamePasswordCredentialsProvider("", text));
        };
    }

    @Override
    public void close() {
        ssh.ifPresent(SshdSessionFactory::close);
    }
}
