package dev.shiplog.api.stream;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Messages;
import dev.shiplog.api.PodSessions.Terminal;
import dev.shiplog.api.Reply;
import dev.shiplog.api.SessionJournal.Entry;
import dev.shiplog.api.SessionJournal.Outcome;
import dev.shiplog.api.Status;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One exec or attach over a WebSocket. The connection's thread carries it out; a second one reads
 * what the client sends.
 */
final class RemoteCommand implements Reply.Talk {
    private static final int STDIN_BYTES = 64 * 1024;

    /** How long a client may take to answer our goodbye. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(RemoteCommand.class.getName());

    private final CommandOptions options;
    private final ChannelProtocol protocol;
    private final Duration stall;
    private final Supplier<Entry> journal;
    private final Run run;
    private final Slots.Slot slot;

    RemoteCommand(
            CommandOptions options,
            ChannelProtocol protocol,
            Duration stall,
            Supplier<Entry> journal,
            Run run,
            Slots.Slot slot) {
        this.options = options;
        this.protocol = protocol;
        this.stall = stall;
        this.journal = journal;
        this.run = run;
        this.slot = slot;
    }

    /** What is to be run. */
    interface Run {
        Outcome run(Terminal terminal) throws IOException, InterruptedException;
    }

    @Override
    public void close() {
        slot.close();
    }

    @Override
    public void talk(Messages peer) throws IOException, InterruptedException {
        Messages messages = new PatientMessages(peer);
        Session session = new Session();
        Pipe stdin = new Pipe(STDIN_BYTES, stall);
        TerminalSizes sizes = new TerminalSizes();
        Entry entry;
        try {
            entry = journal.get();
        } catch (ApiFailure refusal) {
            end(messages, Verdicts.failure(refusal.status()));
            return;
        }
        Thread reader =
                Thread.ofVirtual()
                        .name("api-session-reader")
                        .start(() -> read(messages, stdin, sizes, session));
        Outcome outcome = new Outcome.Left();
        try {
            outcome = run(messages, terminal(messages, stdin, sizes), session);
        } finally {
            stdin.discard();
            entry.closed(outcome);
        }
        if (!(outcome instanceof Outcome.Left)) {
            reader.join(GOODBYE);
        }
    }

    private Outcome run(Messages messages, Terminal terminal, Session session) throws IOException {
        byte[] verdict;
        Outcome outcome;
        try {
            Thread.ofVirtual().name("api-session-announcer").start(() -> announce(messages));
            outcome = run.run(terminal);
            verdict =
                    outcome instanceof Outcome.Exited exited
                            ? Verdicts.exited(exited.code())
                            : Verdicts.success();
        } catch (ApiFailure failure) {
            outcome = new Outcome.Failed(failure.status().message());
            verdict = Verdicts.failure(failure.status());
        } catch (InterruptedException e) {
            session.finish();
            return new Outcome.Left();
        } catch (IOException | RuntimeException e) {
            if (session.finish()) {
                return new Outcome.Left();
            }
            LOG.log(Level.FINE, e, () -> "a session failed: " + options);
            outcome = new Outcome.Failed(String.valueOf(e.getMessage()));
            verdict = Verdicts.failure(Status.internal(String.valueOf(e.getMessage())));
        }
        if (session.finish()) {
            return new Outcome.Left();
        }
        end(messages, verdict);
        return outcome;
    }

    private Terminal terminal(Messages messages, Pipe stdin, TerminalSizes sizes) {
        Optional<InputStream> in = options.stdin() ? Optional.of(stdin.in()) : Optional.empty();
        OutputStream out =
                options.stdout()
                        ? new ChannelOutput(messages, protocol, Channel.STDOUT.id())
                        : OutputStream.nullOutputStream();
        Optional<OutputStream> err =
                options.tty()
                        ? Optional.empty()
                        : Optional.of(
                                options.stderr()
                                        ? new ChannelOutput(messages, protocol, Channel.STDERR.id())
                                        : OutputStream.nullOutputStream());
        return new Terminal(in, out, err, options.tty(), sizes);
    }

    /** As Kubernetes does: an empty message on the first channel that the client reads. */
    private void announce(Messages messages) {
        Channel first =
                options.stdout()
                        ? Channel.STDOUT
                        : options.stderr() ? Channel.STDERR : Channel.ERROR;
        try {
            new ChannelOutput(messages, protocol, first.id()).announce();
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "a client left before its session began: " + options);
        }
    }

    private void end(Messages messages, byte[] verdict) throws IOException {
        protocol.send(messages, Channel.ERROR.id(), verdict, 0, verdict.length);
        messages.close(Messages.NORMAL, "");
    }

    /** Takes what the client sends until it leaves or closes. */
    private void read(Messages messages, Pipe stdin, TerminalSizes sizes, Session session) {
        try {
            Optional<Messages.Message> message = messages.receive();
            while (message.isPresent()) {
                Optional<ChannelProtocol.Part> part = protocol.decode(message.get());
                if (part.isPresent() && !take(part.get(), stdin, sizes)) {
                    LOG.log(
                            Level.FINE,
                            "a process took no input for {0}: {1}",
                            new Object[] {stall, options});
                    break;
                }
                message = messages.receive();
            }
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "a client left: " + options);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            session.leave();
            stdin.end();
        }
    }

    private static boolean take(ChannelProtocol.Part part, Pipe stdin, TerminalSizes sizes)
            throws InterruptedException {
        byte[] bytes = part.bytes();
        if (part.channel() == Channel.STDIN.id()) {
            return stdin.write(bytes, 0, bytes.length);
        }
        if (part.channel() == Channel.RESIZE.id()) {
            sizes.resize(bytes);
        }
        boolean endOfInput =
                part.channel() == Channel.CLOSE
                        && bytes.length == 1
                        && bytes[0] == Channel.STDIN.id();
        if (endOfInput) {
            stdin.end();
        }
        return true;
    }
}
