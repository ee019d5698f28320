import { describe, expect, it } from 'vitest';
import { compileOptions, option, optionsJsonSchema } from '../../src/sdk/options.ts';

const specs = {
  comfort: option.share('where queueing begins', 0.75),
  rest: option.minutes('how long', 5),
  eager: option.flag('at once', false),
  order: option.choice('which first', ['small', 'large'], 'small'),
};

describe('options', () => {
  it('are complete once compiled', () => {
    expect(compileOptions(specs, { eager: true })).toEqual({
      values: { comfort: 0.75, rest: 5, eager: true, order: 'small' },
    });
  });

  it.each([
    [{ comfort: 1.5 }, 'option "comfort" must be at most 1 (share), not 1.5'],
    [{ comfort: '80%' }, 'option "comfort" must be a number (share), not "80%"'],
    [{ rest: -1 }, 'option "rest" must be at least 0 (minutes), not -1'],
    [{ eager: 'yes' }, 'option "eager" must be true or false, not "yes"'],
    [{ order: 'random' }, 'option "order" must be one of small, large, not "random"'],
    [{ confort: 0.5 }, 'there is no option "confort"; known: comfort, rest, eager, order'],
  ])('%j is refused in one sentence', (given, sentence) => {
    expect(compileOptions(specs, given)).toEqual({ problems: [sentence] });
  });

  it('tell all that is wrong at once', () => {
    expect(compileOptions(specs, { comfort: 2, rest: 'long' })).toMatchObject({ problems: { length: 2 } });
  });

  it('describe themselves to editors', () => {
    expect(optionsJsonSchema(specs)).toMatchObject({
      additionalProperties: false,
      properties: {
        comfort: { type: 'number', minimum: 0, maximum: 1, default: 0.75 },
        order: { enum: ['small', 'large'] },
      },
    });
  });
});
