// What a translation must have: the original's keys, strings for strings, functions of the same arguments for functions.
export type Catalogue<Original> = {
  [Key in keyof Original]: Original[Key] extends string
    ? string
    : Original[Key] extends (...args: infer Args) => string
      ? (...args: Args) => string
      : Catalogue<Original[Key]>;
};
