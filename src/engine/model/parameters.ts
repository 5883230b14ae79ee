// What a parameter's name says about it: the one place where names are looked into.

/** Biases, and LayerNorm's weights: the parameters that no recipe decays. */
export function isNormOrBias(name: string): boolean {
  return name.endsWith('.bias') || /(LayerNorm|layer_norm)\.weight$/.test(name);
}
