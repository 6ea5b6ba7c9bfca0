package dev.shiplog.api.write;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitMessageTest {
    private static final Json BEFORE =
            Json.parse(
                    """
                    {"metadata":{"name":"web","namespace":"shop"},"spec":{"replicas":2,"template":{"spec":{
                     "containers":[{"name":"main","image":"web:1","args":["a"],"tty":false}]}}}}
                    """);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'replicas':2|'replicas':5|Scale deploy/web to 5 in shop",
                "web:1|web:2|Set the image of deploy/web to web:2 in shop",
                "'tty':false|'tty':true|Set tty of deploy/web to true in shop",
                "'image':'web:1','name':'main','tty':false|'image':'web:2','name':'main','tty':true|"
                        + "Change image and tty of deploy/web in shop",
                "'image':'web:1'|'env':[{'name':'A','value':'b'}],'image':'web:1'|Change env of"
                        + " deploy/web in shop",
                "'replicas':2,'template'|'paused':true,'minReadySeconds':3,'revisionHistoryLimit':1,"
                        + "'template'|Change deploy/web in shop",
            })
    void theSubjectSaysWhatChanged(String from, String to, String subject) {
        Json after =
                Json.parse(
                        BEFORE.toString()
                                .replace(text(from), text(to)));
        assertEquals(
                subject,
                CommitMessage.changed(
                        ResourceKey.parse("Deployment.apps/shop/web"), BEFORE, after, ""));
    }

    /** The canonical form sorts members: what is replaced stands as it does there. */
    private static String text(String quoted) {
        return quoted.replace('\'', '"');
    }
}
