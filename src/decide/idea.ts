/** VMs that might go to other places together, and what that seems to gain. */
export interface Idea {
  readonly moves: readonly { readonly vm: number; readonly to: number }[];
  readonly gain: number;
}

/** The few ideas that seem best, the best first: what seems so may turn out not to pay. */
export class BestIdeas {
  readonly ideas: Idea[] = [];
  /** What a further one has to seem to gain more than. */
  toBeat = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(idea: Idea): void {
    const at = this.ideas.findIndex(({ gain }) => gain < idea.gain);
    this.ideas.splice(at < 0 ? this.ideas.length : at, 0, idea);
    if (this.ideas.length > this.#most) this.ideas.pop();
    if (this.ideas.length === this.#most) this.toBeat = this.ideas.at(-1)!.gain;
  }
}
