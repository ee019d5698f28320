import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { EventStreams, HEARTBEAT_MS, MOST_STREAMS, TELL_EVERY_MS } from '../../src/serve/event-streams.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { seriesValue, telemetryOf } from '../telemetry/scrape.ts';
import { aStep, aStepStatus, FakeDaemon } from './fake-daemon.ts';

/** The writing end of a response, which remembers what was written. */
class Watcher extends EventEmitter {
  written = '';
  writableLength = 0;
  isDestroyed = false;

  writeHead(): void {}

  write(chunk: string): void {
    this.written += chunk;
  }

  end(): void {
    this.emit('close');
  }

  destroy(): void {
    this.isDestroyed = true;
    this.emit('close');
  }

  /** The kinds of event since the last time. */
  heard(): string[] {
    const kinds = [...this.written.matchAll(/^event: (.*)$/gm)].map((match) => match[1]!);
    this.written = '';
    return kinds;
  }
}

function opened() {
  const clock = new VirtualClock();
  const telemetry = telemetryOf();
  const streams = new EventStreams(new FakeDaemon(), telemetry, clock);
  return { clock, telemetry, streams, watch: (watcher = new Watcher()) => watch(streams, watcher) };
}

function watch(streams: EventStreams, watcher: Watcher): Watcher {
  streams.add(watcher as unknown as ServerResponse);
  return watcher;
}

describe('event streams', () => {
  test('begin with how things stand', () => {
    const watcher = opened().watch();
    expect(watcher.written).toContain('retry: 2000\n\n');
    expect(watcher.heard()).toEqual(['lifecycle']);
  });

  test('the first happening is told at once, those after it together', async () => {
    const { clock, streams, watch } = opened();
    const watcher = watch();
    watcher.heard();
    streams.heard({ kind: 'snapshot' });
    expect(watcher.heard()).toEqual(['snapshot']);
    for (let n = 0; n < 50; n++) streams.heard({ kind: 'snapshot' });
    streams.heard({ kind: 'plan' });
    expect(watcher.heard()).toEqual([]);
    await clock.advance(TELL_EVERY_MS);
    expect(watcher.heard()).toEqual(['snapshot', 'plan']);
    expect(clock.pending).toBe(1);
  });

  test('at most four tellings a second, whatever happens', async () => {
    const { clock, streams, watch } = opened();
    const watcher = watch();
    watcher.heard();
    for (let ms = 0; ms < 1000; ms += 10) {
      streams.heard({ kind: 'snapshot' });
      await clock.advance(10);
    }
    expect(watcher.heard().length).toBeLessThanOrEqual(5);
  });

  test('of each step only the newest state is told', async () => {
    const { clock, streams, watch } = opened();
    const watcher = watch();
    streams.heard({ kind: 'snapshot' });
    watcher.heard();
    for (const state of ['preparing', 'copying', 'done'] as const) {
      streams.heard({ kind: 'step', status: aStepStatus({ state }) });
    }
    streams.heard({ kind: 'step', status: aStepStatus({ step: aStep({ id: 's2' }), state: 'queued' }) });
    await clock.advance(TELL_EVERY_MS);
    expect(watcher.written).toContain('"state":"done"');
    expect(watcher.heard()).toEqual(['step', 'step']);
  });

  test('hearts beat while somebody listens, and stop after the last', async () => {
    const { clock, watch } = opened();
    const watcher = watch();
    await clock.advance(2 * HEARTBEAT_MS);
    expect(watcher.written.match(/: still here/g)).toHaveLength(2);
    watcher.end();
    await clock.advance(HEARTBEAT_MS);
    expect(clock.pending).toBe(0);
  });

  test('their number is bounded', async () => {
    const { streams, telemetry } = opened();
    const add = () => streams.add(new Watcher() as unknown as ServerResponse);
    for (let n = 0; n < MOST_STREAMS; n++) expect(add()).toBe(true);
    expect(add()).toBe(false);
    expect(await seriesValue(telemetry, 'drover_http_event_streams')).toBe(MOST_STREAMS);
    expect(await seriesValue(telemetry, 'drover_http_event_streams_dropped_total')).toBe(1);
  });

  test('who reads too slowly is dropped, the others go on', async () => {
    const { streams, telemetry, watch } = opened();
    const [slow, quick] = [watch(), watch()];
    slow.writableLength = 2 ** 21;
    quick.heard();
    streams.heard({ kind: 'verdicts' });
    expect(slow.isDestroyed).toBe(true);
    expect(quick.heard()).toEqual(['verdicts']);
    expect(await seriesValue(telemetry, 'drover_http_event_streams')).toBe(1);
  });

  test('closing ends them and leaves nothing running', () => {
    const { clock, streams, watch } = opened();
    watch();
    streams.heard({ kind: 'snapshot' });
    streams.heard({ kind: 'snapshot' });
    streams.close();
    expect(clock.pending).toBe(0);
  });
});
