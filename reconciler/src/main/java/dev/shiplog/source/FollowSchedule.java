package dev.shiplog.source;

import dev.shiplog.resource.SourceName;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.matchers.GroupMatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * Looks at followed sources when it is time, through Quartz. Each has one next look; a hint brings
 * it forward. Hints that come while one waits are one hint.
 */
public final class FollowSchedule implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowSchedule.class);
    private static final String GROUP = "follow";
    private static final String SERIES = "series";

    private final Scheduler quartz;
    private final RandomGenerator random;
    private final boolean owner;

    /**
     * @param quartz started and stopped by the caller; keeps jobs in memory
     */
    public FollowSchedule(Scheduler quartz, RandomGenerator random) {
        this(quartz, random, false);
    }

    private FollowSchedule(Scheduler quartz, RandomGenerator random, boolean owner) {
        this.quartz = quartz;
        this.random = random;
        this.owner = owner;
    }

    /** One with a scheduler of its own, of one thread; closing the schedule ends it. */
    public static FollowSchedule start(RandomGenerator random) {
        Properties properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", "follow");
        properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        properties.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
        properties.setProperty("org.quartz.threadPool.threadCount", "1");
        properties.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
        try {
            Scheduler quartz = new StdSchedulerFactory(properties).getScheduler();
            quartz.start();
            return new FollowSchedule(quartz, random, true);
        } catch (SchedulerException e) {
            throw new IllegalStateException("the schedule of polls could not be started", e);
        }
    }

    /** Begins to follow: the first look is at once. */
    public void follow(FollowedSource source, PollDelay delay) {
        JobDataMap context = new JobDataMap();
        context.put(SERIES, new Series(source, delay));
        try {
            quartz.addJob(
                    JobBuilder.newJob(LookJob.class)
                            .withIdentity(job(source.name()))
                            .usingJobData(context)
                            .storeDurably()
                            .build(),
                    true);
            next(source.name(), Duration.ZERO);
        } catch (SchedulerException e) {
            throw new IllegalStateException("source " + source.name() + " cannot be followed", e);
        }
    }

    /** Looks soon, whatever the interval; nothing happens if the source is not followed. */
    public void hint(SourceName source) {
        try {
            if (quartz.getJobDetail(job(source)) != null
                    && quartz.getJobDetail(job(source)).getJobDataMap().get(SERIES)
                            instanceof Series series
                    && series.hinted.compareAndSet(false, true)) {
                next(source, Duration.ZERO);
            }
        } catch (SchedulerException e) {
            LOG.warn("a hint for source {} was lost; the next poll makes up for it", source, e);
        }
    }

    /** Ends following. A look that is under way ends by itself. */
    public void forget(SourceName source) {
        try {
            quartz.deleteJob(job(source));
        } catch (SchedulerException e) {
            throw new IllegalStateException("source " + source + " is still followed", e);
        }
    }

    private void next(SourceName source, Duration delay) throws SchedulerException {
        TriggerKey key = new TriggerKey(source.value(), GROUP);
        Trigger trigger =
                TriggerBuilder.newTrigger()
                        .withIdentity(key)
                        .forJob(job(source))
                        .startAt(Date.from(Instant.now().plus(delay)))
                        .build();
        if (quartz.rescheduleJob(key, trigger) == null) {
            quartz.scheduleJob(trigger);
        }
    }

    private static JobKey job(SourceName source) {
        return new JobKey(source.value(), GROUP);
    }

    @Override
    public void close() {
        try {
            for (JobKey key : quartz.getJobKeys(GroupMatcher.jobGroupEquals(GROUP))) {
                quartz.deleteJob(key);
            }
            if (owner) {
                quartz.shutdown(false);
            }
        } catch (SchedulerException e) {
            LOG.warn("following could not be ended", e);
        }
    }

    /** The looks at one source. */
    private final class Series {
        private final FollowedSource source;
        private final PollDelay delay;
        private final AtomicBoolean hinted = new AtomicBoolean();
        private int failures;

        Series(FollowedSource source, PollDelay delay) {
            this.source = source;
            this.delay = delay;
        }

        void look() throws SchedulerException {
            String because = hinted.getAndSet(false) ? "webhook" : "poll";
            failures = seen(because) ? 0 : failures + 1;
            Duration wait = delay.after(failures, random.nextDouble());
            next(source.name(), hinted.get() ? Duration.ZERO : wait);
        }

        /**
         * A fault of our own must not end the series, or the source would be silently forgotten.
         */
        private boolean seen(String because) {
            try {
                return source.look(because) instanceof FollowedSource.Look.Seen;
            } catch (RuntimeException e) {
                LOG.error("source {} could not be looked at", source.name(), e);
                return false;
            }
        }
    }

    /** Quartz makes one for each look, by its public constructor. */
    @DisallowConcurrentExecution
    public static final class LookJob implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            try {
                if (context.getMergedJobDataMap().get(SERIES) instanceof Series series) {
                    series.look();
                }
            } catch (SchedulerException e) {
                LOG.error("source {} is not followed any more", context.getJobDetail().getKey(), e);
            }
        }
    }
}
