/** All that a policy may use: `import { definePolicy, option } from '#sdk'`. */

export type { Prices } from '../domain/profile.ts';
export { CPU, MEMORY, NET_RX, NET_TX } from '../domain/resources.ts';
export { DAY, GIB, HOUR, KIB, MIB, MINUTE, SECOND } from '../domain/units.ts';
export { bytesWords, moneyWords, rateWords, shareWords, spanWords } from '../domain/words.ts';
export type { Fleet, Proposal, Wish } from './fleet.ts';
export { evacuate, move, swap, switchOff, switchOn, together } from './fleet.ts';
export { option } from './options.ts';
export type { OnceTerms, Policy, Verdict } from './policy.ts';
export { definePolicy } from './policy.ts';
export type { Query } from './query.ts';
export type { RuleDefinition } from './rule.ts';
export { defineRule } from './rule.ts';
export { expectedExcess } from './starvation.ts';
export { excess, imbalance, stockCost } from './stock.ts';
export type { HostView, PairView, VmView } from './views.ts';
