package io.skerry.device;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.Instant;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Writes the daemon's log to standard error, a line a record: for people, or as JSON for programs. */
final class LineLog {
    private LineLog() {}

    /** From now on all loggers write here; the daemon's own until its very end. */
    static void install(PrintStream out, boolean json) {
        // What java.util.logging would set up of its own accord is replaced, so that no configuration file is needed.
        Handler handler = new LineHandler(out, json ? new JsonLine() : new PlainLine());
        Logger root = Logger.getLogger("");
        for (Handler before : root.getHandlers()) {
            root.removeHandler(before);
        }
        root.addHandler(handler);
        root.setLevel(Level.INFO);
        LogManager loggers = LogManager.getLogManager();
        if (loggers.getLogger(LastingLogger.NAME) instanceof LastingLogger own) {
            own.handler = handler;
        } else {
            loggers.addLogger(new LastingLogger(handler));
        }
    }

    /**
     * The parent of the daemon's loggers. When a process is told to end, java.util.logging takes all handlers away at once,
     * while the daemon still closes what it has opened and has to say how that went; this logger's stays.
     */
    private static final class LastingLogger extends Logger {
        private static final String NAME = "io.skerry";

        private volatile Handler handler;

        private LastingLogger(Handler handler) {
            super(NAME, null);
            this.handler = handler;
            setUseParentHandlers(false);
        }

        @Override
        public Handler[] getHandlers() {
            return new Handler[] {handler};
        }
    }

    private static final class LineHandler extends Handler {
        private final PrintStream out;

        private LineHandler(PrintStream out, Formatter formatter) {
            this.out = out;
            setFormatter(formatter);
        }

        @Override
        public void publish(LogRecord entry) {
            if (isLoggable(entry)) {
                byte[] line = getFormatter().format(entry).getBytes(StandardCharsets.UTF_8);
                out.write(line, 0, line.length);
            }
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void close() {
            out.flush();
        }
    }

    private static String message(LogRecord entry) {
        String message = String.valueOf(entry.getMessage());
        Object[] parameters = entry.getParameters();
        if (parameters == null || parameters.length == 0) {
            return message;
        }
        // Numbers such as ids and ports are written as they are, without a locale's separators.
        Object[] texts = new Object[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            texts[i] = String.valueOf(parameters[i]);
        }
        return MessageFormat.format(message.replace("'", "''"), texts);
    }

    /** The place of a logger's name that says something: the class. */
    private static String where(LogRecord entry) {
        String name = String.valueOf(entry.getLoggerName());
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String level(LogRecord entry) {
        int level = entry.getLevel().intValue();
        return level >= Level.SEVERE.intValue()
                ? "error"
                : level >= Level.WARNING.intValue() ? "warning" : level >= Level.INFO.intValue() ? "info" : "debug";
    }

    private static String trace(LogRecord entry) {
        Throwable thrown = entry.getThrown();
        if (thrown == null) {
            return "";
        }
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static final class PlainLine extends Formatter {
        @Override
        public String format(LogRecord entry) {
            // A trace is for what nobody foresaw; what was foreseen has its sentence.
            String trace = entry.getLevel().intValue() >= Level.SEVERE.intValue() ? trace(entry) : cause(entry);
            return Instant.ofEpochMilli(entry.getMillis()) + " " + level(entry) + " " + where(entry) + ": "
                    + message(entry) + (trace.isEmpty() ? "" : trace.startsWith(" ") ? trace : "\n" + trace.strip())
                    + "\n";
        }

        private static String cause(LogRecord entry) {
            Throwable thrown = entry.getThrown();
            if (thrown == null) {
                return "";
            }
            Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
            return " (" + String.valueOf(cause).replace('\n', ' ') + ")";
        }
    }

    private static final class JsonLine extends Formatter {
        @Override
        public String format(LogRecord entry) {
            StringBuilder line = new StringBuilder("{\"at\":\"")
                    .append(Instant.ofEpochMilli(entry.getMillis()))
                    .append("\",\"level\":\"")
                    .append(level(entry))
                    .append("\",\"from\":");
            quote(line, where(entry));
            quote(line.append(",\"message\":"), message(entry));
            if (entry.getThrown() != null) {
                quote(line.append(",\"trace\":"), trace(entry));
            }
            return line.append("}\n").toString();
        }

        private static void quote(StringBuilder line, String text) {
            line.append('"');
            text.codePoints().forEach(c -> {
                switch (c) {
                    case '"' -> line.append("\\\"");
                    case '\\' -> line.append("\\\\");
                    case '\n' -> line.append("\\n");
                    case '\t' -> line.append("\\t");
                    default -> {
                        if (c < 0x20) {
                            line.append("\\u%04x".formatted(c));
                        } else {
                            line.appendCodePoint(c);
                        }
                    }
                }
            });
            line.append('"');
        }
    }
}
