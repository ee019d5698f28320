/** Labels that several metrics share, and the words that their values are made of. */
import type { Change } from '../../domain/change.ts';
import { RESOURCES } from '../../domain/resources.ts';
import { oneOf, open } from './metric.ts';

export const STEP_KINDS = ['move', 'power on', 'power off'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export const STEP_KIND = oneOf(STEP_KINDS);
export const RESOURCE = oneOf(RESOURCES.map((resource) => resource.name));
export const MOMENT = oneOf(['before', 'after']);
export const ENTITY = oneOf(['host', 'vm']);
export const POLICY = open(48);
export const RULE = open(48);
/** Reasons as sentences from which names and amounts were taken away. */
export const REASON = open(40);
export const ONE = open(1);

export const stepKind = (change: Change): StepKind => (change.kind === 'move' ? 'move' : `power ${change.to}`);
