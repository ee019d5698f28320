import { expect, test } from 'vitest';
import { PlanBook } from '../../src/daemon/plan-book.ts';
import type { PlanStatus } from '../../src/daemon/queries.ts';
import type { Plan } from '../../src/domain/plan.ts';

const plan = (id: string): Plan => ({ id, atMs: 0, steps: [], impossible: [], makespanMs: 0, lowerBoundMs: 0 });
const inWords = (book: PlanBook) => book.newestFirst.map((entry) => `${entry.plan.id} ${entry.state}`);

const bookWith = (...states: PlanStatus['state'][]): PlanBook => {
  const book = new PlanBook(10);
  states.forEach((state, index) => {
    book.add(plan(`p${index + 1}`), state);
  });
  return book;
};

test.each<[string, PlanStatus['state'][], string[]]>([
  ['a new recommendation replaces the one before', ['recommended', 'recommended'], ['p2 recommended', 'p1 superseded']],
  [
    'a plan that waits leaves the one under way alone',
    ['under way', 'waiting for confirmation'],
    ['p2 waiting for confirmation', 'p1 under way'],
  ],
  ['a plan that starts takes over', ['under way', 'under way'], ['p2 under way', 'p1 superseded']],
  ['what was rejected stays rejected', ['rejected', 'under way'], ['p2 under way', 'p1 rejected']],
])('%s', (_, states, expected) => {
  expect(inWords(bookWith(...states))).toEqual(expected);
});

test('withdrawing takes back what was only shown', () => {
  const book = bookWith('under way', 'waiting for confirmation');
  book.withdraw();
  expect(inWords(book)).toEqual(['p2 superseded', 'p1 under way']);
});

test('a plan that starts under the id it waited with stands once', () => {
  const book = bookWith('waiting for confirmation');
  book.add(plan('p1'), 'under way');
  expect(inWords(book)).toEqual(['p1 under way']);
});

test('it forgets the oldest', () => {
  const book = new PlanBook(2);
  for (const id of ['p1', 'p2', 'p3']) book.add(plan(id), 'recommended');
  expect(inWords(book)).toEqual(['p3 recommended', 'p2 superseded']);
});
