import { parentPort, workerData } from 'node:worker_threads';
import { decide } from '../decide/decide.ts';
import type { PolicyFile } from '../sdk/choose.ts';
import { choosePolicies } from '../sdk/choose.ts';
import { loadPolicy } from './load-policies.ts';
import { withNewcomers } from './newcomers.ts';
import type { PresentSituation, TryOutAnswer, TryOutTask } from './try-out.ts';

const { file, situation } = workerData as TryOutTask;

const answer = (said: TryOutAnswer) => parentPort?.postMessage(said);

answer({ stage: 'started' });
const loaded = await loadPolicy(file);
if (typeof loaded === 'string') answer({ stage: 'ended', trouble: loaded.slice(`${file}: `.length) });
else {
  answer({ stage: 'loaded' });
  answer({ stage: 'ended', trouble: situation === undefined ? '' : troubleIn(situation, loaded) });
}

/** Decides with this policy alone, as the profile would have it. */
function troubleIn(present: PresentSituation, loaded: PolicyFile): string {
  const { id } = loaded.policy;
  const { policies, ...profile } = withNewcomers(present.profile, [id]);
  const wanted = Object.hasOwn(policies, id) ? { [id]: policies[id]! } : { [id]: { weight: 1, options: {} } };
  const { chosen, problems } = choosePolicies([loaded], { ...profile, policies: wanted });
  if (problems.length > 0) return problems.join('; ');
  const { skipped } = decide({ ...present, policies: chosen });
  return skipped.map(({ because }) => because).join('; ');
}
