/** Chance as an argument: the next number in [0, 1). */
export interface Random {
  next(): number;
}
