import { defineCommand } from '../command.ts';
import { isEnding, wrong } from '../io.ts';
import { policiesOfDaemon } from '../policies/ask.ts';
import { listPolicies } from '../policies/list.ts';
import { newPolicy } from '../policies/new.ts';
import { testPolicies } from '../policies/test.ts';
import { settingsFrom } from '../settings-input.ts';

const ACTIONS = ['new', 'test', 'list'] as const;

export const policy = defineCommand({
  name: 'policy',
  group: 'policies',
  about: 'Write a new policy, test policies, or list them',
  more: `new ID       writes the folder of a policy that works, with its tests, to start from
test FOLDER  compiles a policy, or each of a folder of policies, and runs its tests
list         says what there is: file, version, options, and whether it is at work; with --url, as a daemon has it

A policy of your own is at work with weight 1 as soon as its file lies in ./policies of a checkout or in one of
the policyFolders of the configuration, unless the profile names it; weight 0 there leaves it out. A running
daemon takes over each change that it finds good, and says so in its log.`,
  operands: [
    { name: 'ACTION', about: 'new, test or list', values: ACTIONS },
    { name: 'WHAT', about: 'For new: what it is to be called; for test: where it is', optional: true },
  ],
  options: {
    folder: { kind: 'text', placeholder: 'FOLDER', about: 'Folder of policies: where to write, or what to list too' },
    url: { kind: 'text', placeholder: 'URL', about: 'For list: ask the daemon there, instead of reading files' },
    config: {
      kind: 'text',
      placeholder: 'FILE',
      about: 'For list: the configuration; otherwise drover.yaml, if it is there',
    },
  },
  examples: [
    'drover policy new keep-pairs-close',
    'drover policy test policies/keep-pairs-close',
    'drover policy new keep-pairs-close --folder /etc/drover/policies',
    'drover policy list --json',
    'drover policy list --url http://127.0.0.1:7070',
  ],
  async run({ operands: [action, what], options: { folder, config, url }, ...call }) {
    if (action === 'new') {
      if (what === undefined) return wrong('drover policy new needs an ID: drover policy new ID');
      return newPolicy(what, folder, call);
    }
    if (action === 'test') {
      if (what === undefined) return wrong('drover policy test needs a FOLDER: drover policy test FOLDER');
      return testPolicies(what, call);
    }
    if (what !== undefined) return wrong(`drover policy list cannot do anything with "${what}"`);
    if (url !== undefined) return policiesOfDaemon(url, call);
    const settings = await settingsFrom(config, call.io);
    if (isEnding(settings)) return settings;
    return listPolicies(settings, folder === undefined ? [] : [folder], call);
  },
});
