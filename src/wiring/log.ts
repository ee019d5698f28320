import { type DestinationStream, destination, type Logger, pino } from 'pino';
import { build } from 'pino-pretty';
import type { Settings } from '../config/settings.ts';
import type { Log } from '../ports/log.ts';

const STDERR = 2;

/** The Log port over pino. Lines go to stderr: readable on a terminal, JSON elsewhere, unless the format is fixed. */
export function openLog({ level, format }: Settings['log'], isTerminal: boolean): Log {
  const text = format === 'text' || (format === 'auto' && isTerminal);
  const stream = text ? textStream(isTerminal) : destination({ dest: STDERR, sync: true });
  return overPino(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream));
}

function overPino(logger: Logger): Log {
  return {
    debug: (sentence, fields) => logger.debug(fields ?? {}, sentence),
    info: (sentence, fields) => logger.info(fields ?? {}, sentence),
    warn: (sentence, fields) => logger.warn(fields ?? {}, sentence),
    error: (sentence, fields) => logger.error(fields ?? {}, sentence),
  };
}

function textStream(colorize: boolean): DestinationStream {
  return build({
    colorize,
    destination: STDERR,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
    hideObject: true,
    messageFormat: (line, messageKey) => `${line[messageKey]}${fieldWords(line, messageKey)}`,
  });
}

const OWN_KEYS = new Set(['level', 'time']);

function fieldWords(line: Record<string, unknown>, messageKey: string): string {
  const fields = Object.entries(line).filter(([key]) => key !== messageKey && !OWN_KEYS.has(key));
  return fields.length === 0 ? '' : `  (${fields.map(([key, value]) => `${key} ${value}`).join(', ')})`;
}
