import { ENTITY } from './labels.ts';
import { counter, declare, gauge, oneOf } from './metric.ts';

export const REQUEST_CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;

const journalHistogram = declare('histogram', [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]);

/** Drover's own journal, server and series. */
export const OWN = {
  journalWrites: journalHistogram(
    'drover_journal_write_seconds',
    'seconds',
    'Real time until what the journal was told was on disk.',
  ),
  journalFailures: counter('drover_journal_failures_total', 'number', 'Times that the journal could not be written.'),
  journalWritable: gauge(
    'drover_journal_writable',
    'number',
    '0 from when the journal could not be written until it can be again, else 1.',
  ),
  requests: counter('drover_http_requests_total', 'number', 'Requests answered, by class of status.', {
    status: oneOf(REQUEST_CLASSES),
  }),
  streams: gauge('drover_http_event_streams', 'number', 'Clients that follow the event stream.'),
  streamsDropped: counter(
    'drover_http_event_streams_dropped_total',
    'number',
    'Event streams that were closed because the client read too slowly, or refused because there were too many.',
  ),
  seriesLeftOut: gauge(
    'drover_series_left_out',
    'number',
    'Hosts and VMs without series of their own because there would be too many; the configuration says how many are.',
    { kind: ENTITY },
  ),
};
