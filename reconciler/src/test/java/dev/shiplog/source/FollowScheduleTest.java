package dev.shiplog.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.shiplog.resource.SourceName;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.quartz.impl.DirectSchedulerFactory;
import org.quartz.simpl.RAMJobStore;
import org.quartz.simpl.SimpleThreadPool;

import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Looks happen at once, again, and when hinted. */
class FollowScheduleTest {
    private static final SourceName TEAM = new SourceName("team");

    private final BlockingQueue<String> looks = new LinkedBlockingQueue<>();
    private volatile boolean broken;
    private Scheduler quartz;
    private FollowSchedule schedule;

    @BeforeEach
    void start() throws Exception {
        String name = "follow-" + UUID.randomUUID();
        DirectSchedulerFactory factory = DirectSchedulerFactory.getInstance();
        factory.createScheduler(name, name, new SimpleThreadPool(2, 5), new RAMJobStore());
        quartz = factory.getScheduler(name);
        quartz.start();
        schedule = new FollowSchedule(quartz, new Random(1));
    }

    @AfterEach
    void stop() throws Exception {
        schedule.close();
        quartz.shutdown(true);
    }

    @Test
    void theFirstLookIsAtOnceAndAHintBringsTheNextOneForward() throws Exception {
        schedule.follow(source(), new PollDelay(Duration.ofHours(1)));
        assertEquals("poll", look());

        schedule.hint(TEAM);
        schedule.hint(new SourceName("unknown"));

        assertEquals("webhook", look());
    }

    @Test
    void looksGoOnAtTheInterval() throws Exception {
        schedule.follow(source(), new PollDelay(Duration.ofSeconds(1)));

        for (int i = 0; i < 3; i++) {
            assertEquals("poll", look());
        }
    }

    @Test
    void aFaultDoesNotEndTheSeries() throws Exception {
        broken = true;
        schedule.follow(source(), new PollDelay(Duration.ofSeconds(1)));

        assertEquals("poll", look());
        assertEquals("poll", look());
    }

    private String look() throws InterruptedException {
        String because = looks.poll(20, TimeUnit.SECONDS);
        assertNotNull(because, "expected a look within 20 s, found none");
        return because;
    }

    private FollowedSource source() {
        return new FollowedSource() {
            @Override
            public SourceName name() {
                return TEAM;
            }

            @Override
            public Look look(String because) {
                looks.add(because);
                if (broken) {
                    throw new IllegalStateException("a fault of our own, on purpose");
                }
                return new Look.Seen(new Adoption.Current());
            }
        };
    }
}
