package dev.shiplog.loop;

import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Due times on Quartz, kept in memory: they are state of the cluster, found again at start. */
public final class QuartzDueTimes implements DueTimes {
    private static final Logger LOG = LoggerFactory.getLogger(QuartzDueTimes.class);

    /** Callbacks only put a key into a queue. */
    private static final int THREADS = 1;

    private static final String CALLBACKS = "callbacks";

    private final Scheduler scheduler;
    private final Map<String, Runnable> callbacks = new ConcurrentHashMap<>();

    public QuartzDueTimes() {
        Properties properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", "due-" + UUID.randomUUID());
        properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        properties.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
        properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(THREADS));
        properties.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
        try {
            scheduler = new StdSchedulerFactory(properties).getScheduler();
            scheduler.getContext().put(CALLBACKS, callbacks);
            scheduler.start();
        } catch (SchedulerException e) {
            throw new IllegalStateException("the timer could not be started", e);
        }
    }

    @Override
    public void at(String id, Instant time, Runnable callback) {
        callbacks.put(id, callback);
        JobDetail job = JobBuilder.newJob(Callback.class).withIdentity(id).build();
        Trigger trigger =
                TriggerBuilder.newTrigger().withIdentity(id).startAt(Date.from(time)).build();
        try {
            scheduler.scheduleJob(job, Set.of(trigger), true);
        } catch (SchedulerException e) {
            // Losing a due time silently would leave a resource unattended.
            throw new IllegalStateException("could not schedule \"" + id + "\" at " + time, e);
        }
    }

    @Override
    public void close() {
        try {
            scheduler.shutdown(false);
        } catch (SchedulerException e) {
            LOG.warn("the timer did not shut down cleanly", e);
        }
    }

    /** Made by Quartz, which knows only classes. */
    public static final class Callback implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            try {
                String id = context.getJobDetail().getKey().getName();
                if (context.getScheduler().getContext().get(CALLBACKS) instanceof Map<?, ?> map
                        && map.remove(id) instanceof Runnable callback) {
                    callback.run();
                }
            } catch (SchedulerException e) {
                throw new IllegalStateException("the timer lost its callbacks", e);
            }
        }
    }
}
