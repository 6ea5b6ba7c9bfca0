package dev.shiplog.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * The URL of an OpenID Connect issuer (openid.net/specs/openid-connect-discovery-1_0, section 2):
 * https, with a host, without query and fragment. Refused before a server is started with it.
 */
final class IssuerUrl implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
        try {
            URI url = new URI(text);
            if ("https".equals(url.getScheme())
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return text;
            }
        } catch (URISyntaxException _) {
            // No URL at all: the same answer.
        }
        throw new TypeConversionException(
                "expected the issuer's URL as in its tokens' claim iss, such as"
                        + " https://login.example.com/realms/dev, found \""
                        + text
                        + "\"");
    }
}
