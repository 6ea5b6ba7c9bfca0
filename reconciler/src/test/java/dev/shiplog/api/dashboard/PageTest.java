package dev.shiplog.api.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.state.ClusterState;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

/** What is drawn on the page. */
class PageTest {
    @Test
    void nothingThatSomebodyWroteIsMarkup() {
        String page =
                Page.overview(
                        new Page.Head(
                                "<b>mine</b>",
                                "Progressing",
                                List.of("Pod/a: \"<script>alert('&')</script>\""),
                                "jane",
                                Instant.EPOCH),
                        ClusterState.EMPTY,
                        List.of());
        assertFalse(page.contains("<script"), page);
        assertFalse(page.contains("<b>"), page);
        assertTrue(
                page.contains("&quot;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;&quot;"),
                page);
        assertTrue(page.contains("<h2>Pods (0)</h2>"), page);
    }

    @Test
    void ordinaryTextStays() {
        assertEquals("web-1 läuft …", Page.text("web-1 läuft …"));
    }
}
