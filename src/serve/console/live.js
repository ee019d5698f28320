/** The event stream: reconnects by itself and says how it stands. */

const RETRY_MS = 2000;
const EVENTS = ['lifecycle', 'snapshot', 'verdicts', 'plan', 'step'];

export function listen({ heard, connected, lost }) {
  const source = new EventSource('/api/v1/events');
  source.addEventListener('open', connected);
  for (const kind of EVENTS) source.addEventListener(kind, (event) => heard(kind, JSON.parse(event.data)));
  source.addEventListener('error', () => {
    lost();
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => listen({ heard, connected, lost }), RETRY_MS);
  });
}

/**
 * A function that does the work at most once per interval, one at a time, and once more if it was asked for meanwhile.
 */
export function paced(intervalMs, work) {
  let isBusy = false;
  let isWanted = false;
  const run = async () => {
    isBusy = true;
    isWanted = false;
    await work();
    setTimeout(() => {
      isBusy = false;
      if (isWanted) run();
    }, intervalMs);
  };
  return () => {
    if (isBusy) isWanted = true;
    else run();
  };
}
