/** Texts that a command brought, by name; empty ones count as missing. */
export type Texts = Readonly<Record<string, string | undefined>>;

/** True for a text with something in it. */
export const isFilled = (text: string | undefined): text is string =>
  text !== undefined && text.trim() !== '';

/** The texts that are there, ready to be recorded apart from the ledger. */
export const filled = (texts: Texts): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => isFilled(entry[1])));

/** The names of the fields that are missing. */
export const missing = (fields: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(fields)
    .filter(
      ([, value]) => value === undefined || value === null || (typeof value === 'string' && !isFilled(value)),
    )
    .map(([name]) => name);

const PROPOSES = [
  /\b(root cause|the cause (is|was|lies)|caused by)\b/i,
  /\b(we|i) (suggest|advise|propose|recommend)\b/i,
  /\b(should|must|ought to|has to) (introduce|implement|install|hire|appoint|buy|add|write|adopt)\b/i,
];

/** True when an auditor's statement names a cause or tells what to do about it; both are the client's. (R-FND-2) */
export const proposesCauseOrSolution = (text: string): boolean =>
  PROPOSES.some((pattern) => pattern.test(text));

const UNFULFILLED = [
  /\b(non-?conform(s|ity|ities|ing)?)\b/i,
  /\b(does|do|did|is|are|was|were) not (fulfil|fulfill|fulfilled|meet|met|conform|comply|satisfy|satisfied)/i,
  /\b(requirement|clause|control)\b.{0,60}\b(violated|breached|unfulfilled|missed)\b/i,
];

/** True when a text says that a requirement is not fulfilled, which is a nonconformity by whatever name. (R-FND-3) */
export const statesNonconformity = (text: string): boolean =>
  UNFULFILLED.some((pattern) => pattern.test(text));

const MISLEADING = [
  /\b(certified|certificated) (for )?(ai|artificial intelligence|ai system|model|product|chat ?bot|assistant|software|service)s?\b/i,
  /\b(ai|artificial intelligence|ai systems?|models?|products?|chat ?bots?|assistants?|software) (is|are|was|were|has been|have been)?\s*(iso(\/iec)? ?42001 ?)?[- ]?(certified|certificated)\b/i,
  /\bcertification of (the |an? |our )?(ai systems?|models?|products?|chat ?bots?|assistants?|software)\b/i,
  /\b(guarantees?|guaranteed|proven|approved) (safe|fair|unbiased|trustworthy|secure)\b/i,
];

/** True when a text says or suggests that an AI system or product is certified; only a management system is. (R-GEN-2) */
export const suggestsCertifiedProduct = (text: string): boolean =>
  MISLEADING.some((pattern) => pattern.test(text));
